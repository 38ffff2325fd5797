namespace KubectlMlopsBackup.Seed.Model;

/// <summary>Indexes from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
internal readonly record struct IndexRange(int Start, int End)
{
    public int Count => End - Start;

    public bool Contains(int index) => index >= Start && index < End;
}
