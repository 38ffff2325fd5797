namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>What a part of a tree has, by which shares are balanced.</summary>
/// <param name="Files">With content.</param>
/// <param name="Bytes">Of these, in bytes.</param>
/// <param name="Entries">Files and all others.</param>
internal readonly record struct ShareLoad(long Files, long Bytes, long Entries)
{
    /// <summary>
    /// Bytes that an entry counts beside its content: looking at a file takes about as long as reading a page, and a share of a million
    /// tiny files is work too.
    /// </summary>
    private const long EntryCost = 4096;

    public long Weight => Bytes + (Entries * EntryCost);

    public static ShareLoad operator +(ShareLoad left, ShareLoad right) =>
        new(left.Files + right.Files, left.Bytes + right.Bytes, left.Entries + right.Entries);
}
