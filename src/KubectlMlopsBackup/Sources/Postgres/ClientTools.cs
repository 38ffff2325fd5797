namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>PostgreSQL's own programs, all of one version.</summary>
/// <param name="Directory">Where they lie.</param>
/// <param name="Version">Such as <c>15.18</c>.</param>
internal sealed record ClientTools(string Directory, string Version)
{
    public int Major => MajorOf(Version);

    public string PgDump => Program("pg_dump");

    public string PgDumpAll => Program("pg_dumpall");

    public string PgRestore => Program("pg_restore");

    public string Psql => Program("psql");

    public string Program(string name) =>
        Path.Combine(Directory, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>The major version of <c>15.18</c> or <c>18beta1</c> is its first number; 0 where there is none.</summary>
    public static int MajorOf(string version) =>
        int.TryParse(version.AsSpan(0, version.TakeWhile(char.IsAsciiDigit).Count()), out var major) ? major : 0;

    /// <param name="output">What <c>pg_dump --version</c> prints.</param>
    /// <returns>The version, or null where this is not such a line.</returns>
    public static string? ParseVersion(string output)
    {
        const string Mark = "(PostgreSQL) ";
        var at = output.IndexOf(Mark, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var version = output[(at + Mark.Length)..].Split([' ', '\n', '\r'], 2)[0];
        return MajorOf(version) > 0 ? version : null;
    }
}
