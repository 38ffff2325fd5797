using System.Globalization;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>A dump's table of contents, as <c>pg_restore -l</c> prints it.</summary>
internal sealed class DumpContents
{
    private DumpContents(IReadOnlyList<DumpEntry> entries) => Entries = entries;

    public IReadOnlyList<DumpEntry> Entries { get; }

    /// <summary>OIDs of the tables whose rows are in the dump.</summary>
    public HashSet<uint> TableData => [.. Entries.Where(e => e.Is("TABLE DATA")).Select(e => e.Oid)];

    /// <summary>Lines look like <c>3450; 0 16390 TABLE DATA public t owner</c>; a semicolon first makes a comment.</summary>
    /// <exception cref="InvalidDataException">A line is none of these.</exception>
    public static DumpContents Parse(IEnumerable<string> lines)
    {
        var entries = new List<DumpEntry>();
        foreach (var line in lines)
        {
            if (line.Length == 0 || line[0] == ';')
            {
                continue;
            }

            var parts = line.Split(' ', 4);
            if (parts.Length < 4
                || !int.TryParse(parts[0].TrimEnd(';'), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || !uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var oid))
            {
                throw new InvalidDataException($"a line of the dump's table of contents makes no sense: {line}");
            }

            entries.Add(new DumpEntry(id, oid, parts[3], line));
        }

        return new DumpContents(entries);
    }
}
