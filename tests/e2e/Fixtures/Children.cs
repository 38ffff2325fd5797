namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>Processes that this test process has started and that still run.</summary>
internal static class Children
{
    public static int[] Named(string name) =>
    [
        .. Directory.GetDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), out var id) ? id : 0)
            .Where(id => id > 0 && IsOurs(id, name)),
    ];

    private static bool IsOurs(int id, string name)
    {
        try
        {
            // "123 (pg_dump) S 77 …": the number behind the state is the parent.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var end = stat.LastIndexOf(')');
            var rest = stat[(end + 2)..].Split(' ');
            return stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end] == name
                && rest[0] != "Z" && rest[1] == $"{Environment.ProcessId}";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
