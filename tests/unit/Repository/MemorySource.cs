using System.Runtime.CompilerServices;
using System.Text;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>Artifacts in memory, which change, vanish or wait where a test wants them to.</summary>
internal sealed class MemorySource(IReadOnlyDictionary<string, byte[]> files) : IArtifactSource
{
    public string Description => "memory";

    public int SmallReadsAtOnce { get; init; } = 1;

    /// <summary>Called before a file is opened; may throw what a source throws.</summary>
    public Action<string>? Opening { get; init; }

    /// <summary>Called before each read, with the position; may throw <see cref="IOException"/>.</summary>
    public Action<string, int>? Reading { get; init; }

    /// <summary>Whether a file is said to have changed while it was read.</summary>
    public Func<string, bool>? Changed { get; init; }

    /// <summary>Hard links: names that share an identity.</summary>
    public Func<string, ulong?>? Inode { get; init; }

    /// <summary>The walk waits here before its end, so that what was read is on its way but nothing is committed.</summary>
    public Func<Task>? BeforeEnd { get; init; }

    public async IAsyncEnumerable<SourceItem> WalkAsync(
        PathShare? share, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (share?.Contains([]) != false)
        {
            yield return new SourceItem { Entry = new TreeEntry { Type = EntryType.Directory, Path = [], Mode = 0x1ED } };
        }

        foreach (var (name, content) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (share?.Takes(Encoding.UTF8.GetBytes(name)) == false)
            {
                continue;
            }

            yield return new SourceItem
            {
                Entry = new TreeEntry
                {
                    Type = EntryType.File,
                    Path = Encoding.UTF8.GetBytes(name),
                    Mode = 0x1A4,
                    ModifiedNanoseconds = 1_000_000_007,
                    Size = content.Length,
                    Stamp = ChunkId.Of(content).ToString(),
                },
                Identity = Inode?.Invoke(name) is { } inode ? (1, inode) : null,
            };
        }

        if (BeforeEnd is not null)
        {
            await BeforeEnd();
        }
    }

    public ValueTask<ISourceFile> OpenAsync(SourceItem item, CancellationToken cancellationToken)
    {
        var name = Encoding.UTF8.GetString(item.Entry.Path);
        Opening?.Invoke(name);
        return files.TryGetValue(name, out var content)
            ? new(new MemoryFile(this, name, item.Entry with { Size = content.Length }, content))
            : throw new SourceChangedException($"{name} is not there");
    }

    public void Dispose()
    {
    }

    private sealed class MemoryFile(MemorySource source, string name, TreeEntry entry, byte[] content) : ISourceFile
    {
        private int position;
        private bool started;

        public TreeEntry Entry { get; } = entry;

        public long HoleAtEnd => 0;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            source.Reading?.Invoke(name, position);
            var count = Math.Min(buffer.Length, content.Length - position);
            content.AsMemory(position, count).CopyTo(buffer);
            position += count;
            return new(count);
        }

        public long? NextStretch()
        {
            var first = !started;
            started = true;
            return first ? 0 : null;
        }

        public ValueTask<bool> IsUnchangedAsync(CancellationToken cancellationToken) =>
            new(source.Changed?.Invoke(name) != true);

        public ValueTask DisposeAsync() => default;
    }
}
