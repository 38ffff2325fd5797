using System.CommandLine;
using KubectlMlopsBackup.Sources.ClusterConfig;
using KubectlMlopsBackup.Sources.ClusterConfig.Restore;

namespace KubectlMlopsBackup.Commands;

/// <summary>The options of <c>restore config</c>.</summary>
internal static class RestoreConfigOptions
{
    private static readonly Option<string> Existing = CreateExisting();

    private static readonly Option<string[]> MapStorageClass = new("--map-storage-class")
    {
        Description = "Config: another storage class; with nothing behind the =, the cluster's default. May be given again.",
        HelpName = "OLD=NEW",
    };

    private static readonly Option<string[]> MapImage = new("--map-image")
    {
        Description = "Config: another image, or another registry for all images that begin so. May be given again.",
        HelpName = "OLD=NEW",
    };

    private static readonly Option<bool> RewriteDns = new("--rewrite-dns")
    {
        Description = "Config: with --to-namespace, rewrite names of Services in texts too (env, args, ConfigMaps, Secrets). Otherwise they are listed.",
    };

    private static readonly Option<bool> Hold = new("--hold-workloads")
    {
        Description = "Config: make workloads with no pods and CronJobs suspended, until their data is back; start them with: restore config --release.",
    };

    private static readonly Option<string> Selector = new("--selector", "-l")
    {
        Description = "Config: only objects with these labels, such as app=mlflow.",
        HelpName = "SELECTOR",
    };

    public static Option<bool> Release { get; } = new("--release")
    {
        Description = "Config: start what was restored with --hold-workloads, as it was.",
    };

    public static IReadOnlyList<Option> All { get; } = [Selector, Existing, MapStorageClass, MapImage, RewriteDns, Hold, Release];

    /// <exception cref="UserError">One of them was given, and something else is restored.</exception>
    public static void RefuseOthers(ParseResult parsed)
    {
        if (All.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } option)
        {
            throw new UserError($"{option.Name} is for the configuration alone", "run: restore config", ExitCode.Usage);
        }
    }

    /// <summary>The namespaces as they were given: each alone, or as OLD=NEW.</summary>
    public static IReadOnlyList<string> Targets(ParseResult parsed) => parsed.GetValue(RestoreInCluster.ToNamespace)?.Split(',') ?? [];

    /// <param name="namespaces">Those of the snapshot.</param>
    /// <exception cref="UserError">An option that is none.</exception>
    public static ConfigRestoreOptions Read(ParseResult parsed, KindFilter kinds, bool dryRun, IReadOnlyList<string> namespaces) => new()
    {
        Existing = parsed.GetValue(Existing) switch
        {
            "update" => ExistingPolicy.Update,
            "replace" => ExistingPolicy.Replace,
            _ => ExistingPolicy.Skip,
        },
        DryRun = dryRun,
        Namespaces = NamespaceMap.Of(Targets(parsed), namespaces),
        StorageClasses = Pairs(MapStorageClass, parsed, emptyNew: true),
        Images = Pairs(MapImage, parsed, emptyNew: false),
        RewriteDns = parsed.GetValue(RewriteDns),
        HoldWorkloads = parsed.GetValue(Hold),
        Kinds = kinds,
        Selector = parsed.GetValue(Selector) is { } selector ? LabelSelector.Parse(selector) : LabelSelector.All,
    };

    private static Dictionary<string, string> Pairs(Option<string[]> option, ParseResult parsed, bool emptyNew)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(option) ?? [])
        {
            var sign = text.IndexOf('=', StringComparison.Ordinal);
            if (sign < 1 || (sign == text.Length - 1 && !emptyNew) || !pairs.TryAdd(text[..sign], text[(sign + 1)..]))
            {
                throw new UserError($"{option.Name} {text} is not OLD=NEW, or OLD is named twice", $"write it as {option.Name} OLD=NEW", ExitCode.Usage);
            }
        }

        return pairs;
    }

    private static Option<string> CreateExisting()
    {
        var option = new Option<string>("--existing")
        {
            Description = "Config: what is done with objects that are there and differ: skip (default), update (sets the snapshot's fields), replace (as the snapshot has them).",
            HelpName = "skip|update|replace",
        };
        option.AcceptOnlyFromAmong("skip", "update", "replace");
        return option;
    }
}
