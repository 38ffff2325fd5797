using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace KubectlMlopsBackup.Seed.Checksums;

/// <param name="path">Bytes, without a zero at the end.</param>
/// <param name="prefix">How many of them are the root's.</param>
internal sealed class TreeEntry(byte[] path, int prefix, Native.Status status)
{
    private const int BufferSize = 1 << 18;

    public ReadOnlySpan<byte> Relative => path.AsSpan(prefix);

    public Native.Status Status => status;

    public int Type => status.Mode & Native.TypeMask;

    /// <summary>SHA-256 of a file, target of a link, nothing for anything else.</summary>
    public byte[] Content { get; private set; } = [];

    public string Describe(bool contentOnly)
    {
        var size = Type == Native.RegularType ? status.Size : 0;
        var shape = string.Create(CultureInfo.InvariantCulture, $"\n{path.Length - prefix} {Content.Length} {Type:x} {size} ");
        return contentOnly
            ? shape
            : shape + string.Create(
                CultureInfo.InvariantCulture,
                $"{status.Mode & 0xFFF:x} {status.Uid} {status.Gid} {status.ModifiedSeconds}.{status.ModifiedNanoseconds:d9} ");
    }

    public void ReadContent()
    {
        if (Type == Native.LinkType)
        {
            Content = Native.ReadLink([.. path, 0]);
        }
        else if (Type == Native.RegularType)
        {
            Content = Hash();
        }
    }

    private byte[] Hash()
    {
        using var handle = Native.Open([.. path, 0]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (long offset = 0; ;)
            {
                var read = RandomAccess.Read(handle, buffer.AsSpan(0, BufferSize), offset);
                if (read == 0)
                {
                    return hash.GetHashAndReset();
                }

                hash.AppendData(buffer, 0, read);
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
