using System.Threading.Channels;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>
/// The pipeline: chunks come in through a bounded queue, encoders hash, look up, compress and encrypt them,
/// a packer fills packs, a few commits at once make them durable. Memory is bounded by the slabs in use
/// and the packs on their way.
/// </summary>
internal sealed class RepositoryWriter : IAsyncDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly Channel<ChunkJob> queue;
    private readonly ChunkClaims claims;
    private readonly PackCommitter committer;
    private readonly Packer dataPacker;
    private readonly Packer treePacker;
    private readonly Task encoders;
    private Exception? failure;
    private long newChunks;
    private long newBytes;

    public RepositoryWriter(
        BackupRepository repository, ChunkIndex index, WriterOptions options, CancellationToken cancellationToken)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Session = new WritingSession(repository.Secrets);
        claims = new ChunkClaims(index);
        queue = Channel.CreateBounded<ChunkJob>(options.Encoders * 2);
        committer = new PackCommitter(repository, Session, options, Fail);
        dataPacker = new Packer(repository, Session, ObjectKind.DataPack, options.PackSize, committer.StartAsync);
        treePacker = new Packer(repository, Session, ObjectKind.TreePack, options.PackSize, committer.StartAsync);
        // Two slabs for each reader, so that one can move its rest while the encoders hold the others.
        var max = repository.Config.Chunker.Max;
        Slabs = new SlabPool((options.Encoders * 2) + 4, max * 2);
        TreeSlabs = new SlabPool(4, max / 2);
        encoders = Task.WhenAll(
            Enumerable.Range(0, options.Encoders)
                .Select(_ => Task.Run(() => EncodeAsync(options.Compression), CancellationToken.None)));
    }

    public WritingSession Session { get; }

    /// <summary>Each twice the largest chunk.</summary>
    public SlabPool Slabs { get; }

    /// <summary>Each twice the largest chunk of a tree.</summary>
    public SlabPool TreeSlabs { get; }

    /// <summary>Cancelled when any part of the pipeline fails.</summary>
    public CancellationToken Stopping => stop.Token;

    public long NewChunks => Interlocked.Read(ref newChunks);

    /// <summary>Content bytes of chunks that the repository did not have.</summary>
    public long NewBytes => Interlocked.Read(ref newBytes);

    /// <summary>Bytes of packs that are durable.</summary>
    public long BytesStored => committer.BytesStored;

    /// <summary>Whether a snapshot of this run may name the chunk without storing it.</summary>
    public bool Has(ChunkId id) => claims.Has(id);

    /// <summary>Takes a chunk, and its reference to the slab.</summary>
    public ValueTask EnqueueAsync(ChunkJob job) => queue.Writer.WriteAsync(job, stop.Token);

    /// <summary>
    /// Waits until every chunk is durable and indexed. Only after this may a snapshot be written.
    /// </summary>
    public async Task FinishAsync()
    {
        queue.Writer.TryComplete();
        try
        {
            await encoders;
            await dataPacker.FlushAsync(stop.Token);
            await treePacker.FlushAsync(stop.Token);
            await committer.FinishAsync(stop.Token);
        }
        catch (Exception e)
        {
            Fail(e);
            throw Cause(e);
        }
    }

    /// <summary>The failure behind a cancellation that the pipeline made itself, or the exception given.</summary>
    public Exception Cause(Exception e) => e is OperationCanceledException && failure is not null ? failure : e;

    /// <summary>Stops the whole pipeline. The first failure is the one that is told.</summary>
    public void Fail(Exception e)
    {
        if (e is not OperationCanceledException)
        {
            Interlocked.CompareExchange(ref failure, e, null);
        }

        stop.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stop.CancelAsync();
        await encoders.ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await committer.DrainAsync();
        await dataPacker.DisposeAsync();
        await treePacker.DisposeAsync();
        committer.Dispose();
        stop.Dispose();
    }

    private async Task EncodeAsync(CompressionLevel level)
    {
        try
        {
            using var encoder = new ChunkEncoder(Session, level);
            await foreach (var job in queue.Reader.ReadAllAsync(stop.Token))
            {
                await EncodeAsync(encoder, job);
            }
        }
        catch (Exception e)
        {
            Fail(e);
            throw;
        }
    }

    private async ValueTask EncodeAsync(ChunkEncoder encoder, ChunkJob job)
    {
        try
        {
            var id = ChunkId.Of(job.Content.Span);
            if (claims.TryClaim(id))
            {
                var (chunk, frame) = encoder.Encode(job.Kind, id, job.Content, job.IsBundle);
                var packer = job.Kind == ObjectKind.TreePack ? treePacker : dataPacker;
                await packer.AppendAsync(chunk, frame, stop.Token);
                Interlocked.Increment(ref newChunks);
                Interlocked.Add(ref newBytes, job.Length);
            }

            job.Target.Stored(job.Ticket, id, job.Length);
        }
        finally
        {
            job.Slab.Release();
        }
    }
}
