using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>Judges the rows of a database against those of a snapshot.</summary>
internal static class RowsCheck
{
    private const int MostNamed = 5;

    /// <param name="exact">Every table must have the very number of rows.</param>
    /// <param name="mayLack">Otherwise: percent of its rows that a table may have fewer.</param>
    /// <param name="snapshot">For people.</param>
    public static CheckFinding Judge(IReadOnlyList<RestoredTable> tables, bool exact, int mayLack, string snapshot)
    {
        var wrong = tables.Where(t => t.Actual is not { } rows || (exact ? rows != t.Expected : rows < t.Expected * (100 - mayLack) / 100)).ToList();
        if (wrong.Count > 0)
        {
            var named = string.Join("; ", wrong.Take(MostNamed).Select(Shown));
            return CheckFinding.Failed($"{wrong.Count} of {tables.Count} tables are not as in {snapshot}: {named}{(wrong.Count > MostNamed ? "; …" : "")}");
        }

        var rows = tables.Sum(t => t.Actual ?? 0);
        var other = tables.Count(t => t.Actual != t.Expected);
        return CheckFinding.Passed(
            $"{Humanize.Count(rows)} rows in {Humanize.Count(tables.Count)} tables, {(other == 0 ? "exactly as in" : $"{Humanize.Count(other)} of them changed since")} {snapshot}");
    }

    private static string Shown(RestoredTable table) => table.Actual is { } rows
        ? $"{table.Schema}.{table.Table} has {Humanize.Count(rows)} rows instead of {Humanize.Count(table.Expected)}"
        : $"there is no table {table.Schema}.{table.Table}";
}
