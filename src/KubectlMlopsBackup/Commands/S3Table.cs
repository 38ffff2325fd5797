using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.S3Admin;
using KubectlMlopsBackup.S3Admin.Probing;

namespace KubectlMlopsBackup.Commands;

/// <summary>Buckets as tables, and what does not fit into a cell below them.</summary>
internal static class S3Table
{
    public static TableWriter OfSetup(IReadOnlyList<S3SetupReport> reports)
    {
        var table = new TableWriter(
            new TableColumn("Repository"), new TableColumn("Setting"), new TableColumn("Result"), new TableColumn("Was"), new TableColumn("Wanted"));
        foreach (var report in reports)
        {
            foreach (var s in report.Settings)
            {
                table.Add(report.Repository, s.Setting, Word(s.State, report.DryRun ? "would change" : "differs", "unchanged"), s.Current ?? "-", s.Wanted);
            }
        }

        return table;
    }

    public static TableWriter OfSettings(IReadOnlyList<S3CheckReport> reports)
    {
        var table = new TableWriter(
            new TableColumn("Repository"), new TableColumn("Setting"), new TableColumn("Verdict"), new TableColumn("Is"), new TableColumn("Wanted"));
        foreach (var report in reports)
        {
            foreach (var s in report.Settings)
            {
                table.Add(report.Repository, s.Setting, Word(s.State, "DIFFERS", "ok"), s.Current ?? "-", s.Wanted);
            }
        }

        return table;
    }

    public static TableWriter OfAbilities(IReadOnlyList<S3CheckReport> reports)
    {
        var table = new TableWriter(new TableColumn("Repository"), new TableColumn("Ability"), new TableColumn("There"), new TableColumn("Evidence"));
        foreach (var report in reports)
        {
            foreach (var a in report.Abilities)
            {
                table.Add(report.Repository, a.Ability, Word(a), a.Evidence);
            }
        }

        return table;
    }

    public static IEnumerable<string> Notes(IEnumerable<(string Repository, SettingReport Setting)> settings)
    {
        foreach (var (repository, s) in settings.Where(x => x.Setting.Note is not null))
        {
            yield return $"{Severity(s.State)}: {PlainText.Clean($"{repository}, {s.Setting}: {s.Note}")}";
            if (s.Fix is { } fix)
            {
                yield return $"  fix: {PlainText.Clean(fix)}";
            }
        }
    }

    public static IEnumerable<string> Notes(IEnumerable<(string Repository, AbilityReport Ability)> abilities) => abilities
        .Where(x => x.Ability.Without is not null)
        .Select(x => PlainText.Clean($"{x.Repository}, without {x.Ability.Ability}: {x.Ability.Without}"));

    private static string Word(SettingState state, string differs, string ok) => state switch
    {
        SettingState.Ok => ok,
        SettingState.Differs => differs,
        SettingState.Changed => "changed",
        SettingState.Left => "left alone",
        SettingState.Unsupported => "not supported",
        SettingState.Refused => "REFUSED",
        _ => "FAILED",
    };

    private static string Word(AbilityReport ability) => ability switch
    {
        { Works: true } => "yes",
        { Works: false, Required: true } => "NO",
        { Works: false } => "no",
        _ => "unknown",
    };

    private static string Severity(SettingState state) => state switch
    {
        SettingState.Refused or SettingState.Failed => "error",
        SettingState.Unsupported => "warning",
        _ => "note",
    };
}
