using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Configuration;

/// <summary>Texts as the Kubernetes API takes them.</summary>
internal static partial class KubernetesText
{
    private const string NameWanted = "the name of an object: lower-case letters, digits, hyphens and dots, at most 253";
    private const string KeyWanted = "a key in a Secret: letters, digits, hyphens, underscores and dots";
    private const int LongestName = 253;

    public static void CheckName(string path, string value, PlanProblems problems)
    {
        if (value.Length == 0)
        {
            problems.AddMissing(path, NameWanted);
        }
        else if (value.Length > LongestName || !Name().IsMatch(value))
        {
            problems.Add(path, value, NameWanted);
        }
    }

    public static void CheckKey(string path, string value, PlanProblems problems)
    {
        if (value.Length == 0)
        {
            problems.AddMissing(path, KeyWanted);
        }
        else if (!Key().IsMatch(value) || value is "." or "..")
        {
            // What stands here wrongly may be the secret itself.
            problems.Add(path, $"got something that is no key's name (not shown: it may be a secret); wants {KeyWanted}");
        }
    }

    /// <summary>Null passes: the field was left out.</summary>
    public static void CheckSecretKey(string path, SecretKeySpec? secret, PlanProblems problems)
    {
        if (secret is not null)
        {
            CheckName($"{path}.name", secret.Name, problems);
            CheckKey($"{path}.key", secret.Key, problems);
        }
    }

    /// <summary>Null passes: the field was left out.</summary>
    public static void CheckQuantity(string path, string? value, PlanProblems problems)
    {
        if (value is not null && !Quantity().IsMatch(value))
        {
            problems.Add(path, value, "a quantity such as 250m, 512Mi or 50Gi");
        }
    }

    public static void CheckLabels(string path, Dictionary<string, string> labels, PlanProblems problems)
    {
        foreach (var (name, value) in labels)
        {
            CheckLabelName(path, name, problems);
            if (value is null || !LabelValue().IsMatch(value))
            {
                problems.Add(path, value ?? "", "label values of at most 63 letters, digits, hyphens, underscores and dots");
            }
        }
    }

    public static void CheckAnnotations(string path, Dictionary<string, string> annotations, PlanProblems problems)
    {
        foreach (var (name, value) in annotations)
        {
            CheckLabelName(path, name, problems);
            if (value is null)
            {
                problems.Add(path, "has a name without a text");
            }
        }
    }

    private static void CheckLabelName(string path, string name, PlanProblems problems)
    {
        if (!LabelName().IsMatch(name))
        {
            problems.Add(path, name, "names of at most 63 letters, digits, hyphens, underscores and dots, with a domain and a slash before them or not");
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9\-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9\-]*[a-z0-9])?)*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9_.\-]{1,253}\z")]
    private static partial Regex Key();

    [GeneratedRegex(@"^[0-9]{1,15}(\.[0-9]{1,6})?(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi)?\z")]
    private static partial Regex Quantity();

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9.\-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.\-]{0,61}[A-Za-z0-9])?\z")]
    private static partial Regex LabelName();

    [GeneratedRegex(@"^([A-Za-z0-9]([A-Za-z0-9_.\-]{0,61}[A-Za-z0-9])?)?\z")]
    private static partial Regex LabelValue();
}
