using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>
/// Takes the files of a configuration snapshot, from wherever they come, and gives the objects in them. What is no object, or not the one that its
/// path says, is left out and told: a repository may have been written by anybody.
/// </summary>
internal sealed class ConfigReading
{
    /// <summary>Objects are held in memory whole.</summary>
    private const long LargestTotal = 1L << 30;

    private const int MostFiles = 200_000;

    private readonly List<ConfigObject> objects = [];
    private readonly List<Problem> problems = [];
    private long total;
    private int files;

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<ConfigObject> Objects => objects;

    /// <summary>Files that were left out, by their path.</summary>
    public IReadOnlyList<Problem> Problems => problems;

    /// <summary>What the backup could not read: nobody knows whether there was any.</summary>
    public IReadOnlyList<Problem> NotInBackup { get; set; } = [];

    /// <summary>Lines for people: what was left out now, and what was never backed up.</summary>
    public IEnumerable<string> Notes(string leftOut) =>
        [.. problems.Select(p => $"{leftOut}: {p.Path}: {p.Reason}"), .. NotInBackup.Select(p => $"not in the backup: {p.Path}: {p.Reason}")];

    /// <param name="path">Inside the snapshot.</param>
    /// <param name="content">As it is there.</param>
    /// <exception cref="InvalidDataException">There is more than any cluster has: reading on could take all memory.</exception>
    public void Add(string path, ReadOnlySpan<byte> content)
    {
        Announce(path, content.Length);
        try
        {
            var found = ConfigObject.Of(ObjectYamlReader.Read(content));
            if (found.Key.Path != path)
            {
                throw new InvalidDataException($"it holds {found.Key}{(found.Key.Namespace is { } ns ? $" of namespace {ns}" : "")}, which is not what its path says");
            }

            objects.Add(found);
        }
        catch (InvalidDataException e)
        {
            problems.Add(new Problem(path, e.Message));
        }
    }

    /// <summary>Leaves a file out unread.</summary>
    public void Skip(string path, string reason) => problems.Add(new Problem(path, reason));

    /// <returns>False, and told, where a file of that size is no object, and need not be read.</returns>
    public bool Fits(string path, long size)
    {
        if (size <= ObjectYamlReader.LargestDocument)
        {
            return true;
        }

        Skip(path, $"it is larger than any Kubernetes object ({ObjectYamlReader.LargestDocument >> 20} MiB)");
        return false;
    }

    private void Announce(string path, int size)
    {
        total += size;
        if (++files > MostFiles || total > LargestTotal)
        {
            throw new InvalidDataException($"the snapshot holds more than the configuration of any cluster: stopped at {path}");
        }
    }
}
