namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// What <c>pg_dump</c> writes, read forward once. Its end is reported only after <c>pg_dump</c> has ended well and
/// the table of contents was read back: a dump that died half-way throws here, and can never look complete.
/// </summary>
internal sealed class PgDumpStream(
    ChildProcess child, ClientTools tools, PostgresSettings settings, Action<long>? onProgress) : Stream
{
    /// <summary>The longest table of contents that is believed, in bytes: some 100,000 tables.</summary>
    private const int MaxPrefix = 256 << 20;

    private byte[]? prefix = new byte[DumpPrefix.FirstSize];
    private int prefixLength;
    private long position;
    private bool ended;

    /// <summary>Null until enough of the dump was read.</summary>
    public DumpContents? Contents { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (ended || buffer.IsEmpty)
        {
            return 0;
        }

        // A read of a pipe does not end on cancellation by itself; the end of the process ends it.
        await using var registration = cancellationToken.Register(child.Kill);
        var read = await child.Output.ReadAsync(buffer, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (read > 0)
        {
            position += read;
            await KeepPrefixAsync(buffer[..read], cancellationToken);
            onProgress?.Invoke(position);
            return read;
        }

        var exitCode = await child.WaitAsync(cancellationToken);
        if (exitCode != 0)
        {
            throw PostgresErrors.ExplainTool("pg_dump", child.ErrorLines, exitCode, settings);
        }

        if (prefix is not null)
        {
            await CheckPrefixAsync(cancellationToken);
        }

        if (Contents is null)
        {
            throw new UserError(
                $"pg_dump ended without an error, but pg_restore cannot read the table of contents of what it wrote ({position} bytes)",
                $"check that {tools.Directory} holds one version of PostgreSQL only");
        }

        ended = true;
        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task KeepPrefixAsync(ReadOnlyMemory<byte> read, CancellationToken cancellationToken)
    {
        while (prefix is not null && !read.IsEmpty)
        {
            var taken = Math.Min(read.Length, prefix.Length - prefixLength);
            read[..taken].CopyTo(prefix.AsMemory(prefixLength));
            prefixLength += taken;
            read = read[taken..];
            if (prefixLength < prefix.Length)
            {
                return;
            }

            await CheckPrefixAsync(cancellationToken);
            if (Contents is null && prefix.Length < MaxPrefix)
            {
                Array.Resize(ref prefix, prefix.Length * DumpPrefix.Growth);
            }
            else
            {
                prefix = null;
            }
        }
    }

    private async Task CheckPrefixAsync(CancellationToken cancellationToken) =>
        Contents = await DumpPrefix.ReadAsync(tools, prefix.AsMemory(0, prefixLength), cancellationToken);
}
