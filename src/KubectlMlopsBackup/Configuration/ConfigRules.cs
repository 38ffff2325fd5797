using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Configuration;

internal static partial class ConfigRules
{
    public const string Include = "include";
    public const string NamesOnly = "names-only";
    public const string None = "none";

    private const string Section = "spec.config";
    private const int MostNamespaces = 100;
    private const int MostKinds = 1_000;

    public static void Check(PlanSpec spec, TimeSpan? rpo, PlanProblems problems)
    {
        if (spec.Config is not { } config)
        {
            return;
        }

        if (config.Namespaces.Count > MostNamespaces)
        {
            problems.Add($"{Section}.namespaces", $"{config.Namespaces.Count} namespaces", $"at most {MostNamespaces}");
        }

        for (var i = 0; i < config.Namespaces.Count; i++)
        {
            PlanText.CheckDnsLabel($"{Section}.namespaces[{i}]", config.Namespaces[i] ?? "", problems);
        }

        if (config.Selector is { } selector && (selector.Trim().Length == 0 || selector.Length > 1_000 || selector.Any(char.IsControl)))
        {
            problems.Add($"{Section}.selector", selector, "a label selector, such as \"app.kubernetes.io/part-of=mlops\"");
        }

        CheckKinds($"{Section}.include", config.Include, problems);
        CheckKinds($"{Section}.exclude", config.Exclude, problems);
        PlanText.CheckOneOf($"{Section}.secrets", config.Secrets, problems, Include, NamesOnly, None);
        if (config.Secrets == Include && spec.Encryption is { None: true })
        {
            problems.Add($"{Section}.secrets", $"is {Include}, and the repositories are not encrypted; wants spec.encryption, or {NamesOnly} or {None}");
        }

        ScheduleRules.Check($"{Section}.schedule", config.Schedule, spec.TimeZone, rpo, problems);
    }

    private static void CheckKinds(string path, List<string> kinds, PlanProblems problems)
    {
        if (kinds.Count > MostKinds)
        {
            problems.Add(path, $"{kinds.Count} kinds", $"at most {MostKinds}");
        }

        for (var i = 0; i < kinds.Count; i++)
        {
            if (kinds[i] is null || !Kind().IsMatch(kinds[i]))
            {
                problems.Add($"{path}[{i}]", kinds[i] ?? "", "a kind of object, such as Deployment.apps, apps/*, secrets or core/*");
            }
        }
    }

    /// <summary>GROUP/KIND, KIND.GROUP or KIND.</summary>
    [GeneratedRegex(@"^(([a-z0-9.\-]+|\*)/([A-Za-z0-9]+|\*)|[A-Za-z0-9]+(\.[a-z0-9.\-]+)?)\z")]
    private static partial Regex Kind();
}
