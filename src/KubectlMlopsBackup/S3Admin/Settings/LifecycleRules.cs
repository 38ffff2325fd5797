using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.S3Admin.Settings;

/// <summary>Lifecycle rules: those of a repository, and what others' rules would do to it.</summary>
internal static class LifecycleRules
{
    private static readonly string[] Archives = ["GLACIER", "DEEP_ARCHIVE"];

    /// <summary>Of this repository: another one in the bucket has its own.</summary>
    public static bool IsOurs(LifecycleRule rule, BucketWish wish) => Wanted(wish).Any(w => w.Id == rule.Id);

    public static IEnumerable<LifecycleRule> Wanted(BucketWish wish)
    {
        yield return new LifecycleRule
        {
            Id = wish.RuleId("noncurrent"),
            Status = LifecycleRuleStatus.Enabled,
            Filter = Filter(wish),
            NoncurrentVersionExpiration = new LifecycleRuleNoncurrentVersionExpiration { NoncurrentDays = wish.Setup.NoncurrentDays },
            // Only the mark that a deletion leaves, once there is no version behind it.
            Expiration = new LifecycleRuleExpiration { ExpiredObjectDeleteMarker = true },
        };
        yield return new LifecycleRule
        {
            Id = wish.RuleId("multipart"),
            Status = LifecycleRuleStatus.Enabled,
            Filter = Filter(wish),
            AbortIncompleteMultipartUpload = new LifecycleRuleAbortIncompleteMultipartUpload { DaysAfterInitiation = wish.Setup.AbortMultipartDays },
        };
    }

    public static bool Fit(IReadOnlyList<LifecycleRule> rules, BucketWish wish)
    {
        var ours = rules.Where(r => IsOurs(r, wish)).ToList();
        return Wanted(wish).All(wanted => ours.Exists(r => IsSame(r, wanted))) && ours.Count == Wanted(wish).Count();
    }

    public static string Describe(IReadOnlyList<LifecycleRule> rules, BucketWish wish)
    {
        var foreign = rules.Count(r => !IsOurs(r, wish));
        var ours = rules.Count - foreign;
        return rules.Count == 0 ? "no rules" : $"{ours} of its own, {foreign} of others";
    }

    /// <summary>What a rule of others would do to live objects of the repository.</summary>
    public static IEnumerable<string> Dangers(LifecycleRule rule, BucketWish wish)
    {
        if (!Hits(rule, wish))
        {
            yield break;
        }

        if (rule.Expiration is { Days: not null } or { Date: not null })
        {
            yield return $"rule {Name(rule)} deletes live objects {When(rule.Expiration.Days, rule.Expiration.Date)}";
        }

        foreach (var transition in (rule.Transitions ?? []).Where(t => Archives.Contains(t.StorageClass?.Value)))
        {
            yield return $"rule {Name(rule)} moves live objects to {transition.StorageClass} {When(transition.Days, transition.Date)}, where no backup can read them";
        }
    }

    /// <summary>What a rule of others takes from the time in which a deletion can be undone.</summary>
    public static IEnumerable<string> Weaknesses(LifecycleRule rule, BucketWish wish)
    {
        if (Hits(rule, wish) && rule.NoncurrentVersionExpiration is { } expiration && (expiration.NoncurrentDays ?? 0) < wish.Setup.NoncurrentDays)
        {
            yield return $"rule {Name(rule)} removes what was deleted after {expiration.NoncurrentDays ?? 0} d already";
        }
    }

    private static bool Hits(LifecycleRule rule, BucketWish wish)
    {
        // The repository's objects have no tags: a rule that wants some leaves them alone.
        if (rule.Status != LifecycleRuleStatus.Enabled || HasTags(rule))
        {
            return false;
        }

        var prefix = PrefixOf(rule);
        return prefix.StartsWith(wish.Prefix, StringComparison.Ordinal) || wish.Prefix.StartsWith(prefix, StringComparison.Ordinal);
    }

    private static bool HasTags(LifecycleRule rule) =>
        rule.Filter?.Tag is not null
        || rule.Filter?.And?.Tags is { Count: > 0 }
#pragma warning disable CS0618 // Older answers are read into it.
        || HasTags(rule.Filter?.LifecycleFilterPredicate);
#pragma warning restore CS0618

    private static bool HasTags(LifecycleFilterPredicate? predicate) => predicate switch
    {
        LifecycleTagPredicate => true,
        LifecycleAndOperator and => and.Operands?.Exists(HasTags) == true,
        _ => false,
    };

    private static string PrefixOf(LifecycleRule rule) =>
        rule.Filter?.Prefix
        ?? rule.Filter?.And?.Prefix
#pragma warning disable CS0618
        ?? PrefixOf(rule.Filter?.LifecycleFilterPredicate)
        ?? rule.Prefix
#pragma warning restore CS0618
        ?? "";

    private static string? PrefixOf(LifecycleFilterPredicate? predicate) => predicate switch
    {
        LifecyclePrefixPredicate prefix => prefix.Prefix,
        LifecycleAndOperator and => and.Operands?.Select(PrefixOf).FirstOrDefault(p => p is not null),
        _ => null,
    };

    private static LifecycleFilter Filter(BucketWish wish) => new()
    {
        LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = wish.Prefix },
    };

    private static bool IsSame(LifecycleRule rule, LifecycleRule wanted) =>
        rule.Id == wanted.Id
        && rule.Status == LifecycleRuleStatus.Enabled
        && PrefixOf(rule) == PrefixOf(wanted)
        && !HasTags(rule)
        && rule.Expiration?.Days is null or 0
        && rule.Expiration?.Date is null
        && rule.NoncurrentVersionExpiration?.NoncurrentDays == wanted.NoncurrentVersionExpiration?.NoncurrentDays
        && rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation == wanted.AbortIncompleteMultipartUpload?.DaysAfterInitiation;

    private static string Name(LifecycleRule rule) => $"\"{rule.Id ?? "without a name"}\"";

    private static string When(int? days, DateTime? date) => days is { } d ? $"after {d} d" : $"on {date:yyyy-MM-dd}";
}
