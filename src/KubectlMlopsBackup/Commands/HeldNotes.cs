namespace KubectlMlopsBackup.Commands;

/// <summary>
/// Lines that wait: a Job says on its log what its result means, and so does the verb that has made the Job. They are shown once, by the verb,
/// in their place; what only the Job has said is shown at the end.
/// </summary>
internal sealed class HeldNotes
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];

    public void Hold(string line)
    {
        lock (gate)
        {
            lines.Add(line);
        }
    }

    /// <summary>It is shown.</summary>
    public void Forget(string line)
    {
        lock (gate)
        {
            lines.RemoveAll(l => l == line);
        }
    }

    /// <returns>What is left, in the order in which it was said.</returns>
    public IReadOnlyList<string> Take()
    {
        lock (gate)
        {
            string[] left = [.. lines];
            lines.Clear();
            return left;
        }
    }
}
