using System.Text;

namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>A reference at its place among the artifacts, in few bytes: there are millions.</summary>
/// <param name="Key">The place's path with a slash at its end, so that the bytes' order is that of the files below it; empty for the root.
/// Without the slash where it stands for a file of that very name.</param>
/// <param name="Kind">Of the object.</param>
/// <param name="Expects">What must lie there.</param>
/// <param name="Deleted">Nobody misses it.</param>
/// <param name="IsFile">Stands for a file of that very name, beside one that stands for the folder.</param>
/// <param name="Line">The reference, where it may have to be named: UTF-8 of <see cref="ArtifactReference.ToLine"/>.</param>
internal readonly record struct LocatedReference(
    ReadOnlyMemory<byte> Key, ReferenceKind Kind, ArtifactExpectation Expects, bool Deleted, bool IsFile, ReadOnlyMemory<byte> Line)
{
    /// <summary>All but key and line in one byte.</summary>
    public byte Flags => (byte)((int)Expects | ((int)Kind << 2) | (Deleted ? 0x40 : 0) | (IsFile ? 0x80 : 0));

    public static LocatedReference Read(ReadOnlyMemory<byte> key, byte flags, ReadOnlyMemory<byte> line) =>
        new(key, (ReferenceKind)((flags >> 2) & 0xf), (ArtifactExpectation)(flags & 3), (flags & 0x40) != 0, (flags & 0x80) != 0, line);

    public ArtifactReference Reference() => ArtifactReference.Parse(Encoding.UTF8.GetString(Line.Span));
}
