using System.Runtime.InteropServices;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>
/// Writes whole files past the page cache. What is restored is made durable at the end anyway, and is more than memory holds: copying it
/// into the cache first cost more processor time than reading, decrypting and proving it. For one thread.
/// </summary>
internal sealed unsafe class DirectWriter : IDisposable
{
    /// <summary>For less than this the two more system calls cost more than they bring. Bytes.</summary>
    public const long FilesFrom = 1 << 20;

    /// <summary>No disk in use has larger blocks; where one has, the kernel refuses, and files go through the cache.</summary>
    private const int Block = 4096;
    private const int Capacity = 4 << 20;

    private byte* buffer;
    private int filled;
    private Descriptor? file;
    private long position;

    /// <summary>Bytes given since <see cref="Begin"/>.</summary>
    public long Length => position + filled;

    /// <param name="file">Made for this; stays the caller's.</param>
    public void Begin(Descriptor file)
    {
        if (buffer is null)
        {
            buffer = (byte*)NativeMemory.AlignedAlloc(Capacity, Block);
        }

        this.file = file;
        position = 0;
        filled = 0;
    }

    /// <exception cref="PosixException">Not written; <see cref="PosixException.IsInvalid"/> where the disk does not take it in this way.</exception>
    public void Append(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var count = Math.Min(data.Length, Capacity - filled);
            data[..count].CopyTo(new Span<byte>(buffer + filled, count));
            filled += count;
            data = data[count..];
            if (filled == Capacity)
            {
                Flush(Capacity);
            }
        }
    }

    /// <summary>Writes what is left, in whole blocks, and cuts the file to its length.</summary>
    public void Finish()
    {
        var length = Length;
        if (filled > 0)
        {
            var whole = (filled + Block - 1) / Block * Block;
            new Span<byte>(buffer + filled, whole - filled).Clear();
            Flush(whole);
        }

        if (position != length)
        {
            file!.Truncate(length);
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(buffer);
        buffer = null;
    }

    private void Flush(int count)
    {
        file!.Write(new ReadOnlySpan<byte>(buffer, count), position);
        position += count;
        filled = 0;
    }
}
