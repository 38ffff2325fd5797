using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>A file's segments, filled in as its chunks get their ids. Complete once closed and all are known.</summary>
internal sealed class PendingContent : IChunkTarget
{
    private readonly Lock gate = new();
    private readonly List<Segment> segments = [];
    private readonly TaskCompletionSource<Segment[]> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int outstanding = 1;

    /// <summary>The segments, in order.</summary>
    public Task<Segment[]> Completion => done.Task;

    /// <summary>Room for a chunk of so many bytes; the answer is its ticket.</summary>
    public int Reserve(int length)
    {
        lock (gate)
        {
            outstanding++;
            segments.Add(new Segment(default, 0, length));
            return segments.Count - 1;
        }
    }

    public void AddHole(long length)
    {
        lock (gate)
        {
            segments.Add(Segment.Hole(length));
        }
    }

    public void Stored(int ticket, ChunkId id, int length)
    {
        lock (gate)
        {
            segments[ticket] = new Segment(id, 0, length);
            Finish();
        }
    }

    /// <summary>No more segments will come.</summary>
    public void Close()
    {
        lock (gate)
        {
            Finish();
        }
    }

    private void Finish()
    {
        if (--outstanding == 0)
        {
            done.TrySetResult([.. segments]);
        }
    }
}
