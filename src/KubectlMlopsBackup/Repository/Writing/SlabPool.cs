using System.Threading.Channels;

namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>
/// A fixed number of slabs: the bound on the pipeline's memory. Whoever wants more than there are, waits.
/// </summary>
internal sealed class SlabPool
{
    private readonly Channel<Slab> free = Channel.CreateUnbounded<Slab>();
    private readonly int size;
    private int toMake;

    public SlabPool(int count, int size)
    {
        this.size = size;
        toMake = count;
    }

    public async ValueTask<Slab> RentAsync(CancellationToken cancellationToken)
    {
        if (!free.Reader.TryRead(out var slab))
        {
            slab = Interlocked.Decrement(ref toMake) >= 0
                ? new Slab(this, size)
                : await free.Reader.ReadAsync(cancellationToken);
        }

        slab.Start();
        return slab;
    }

    public void Return(Slab slab) => free.Writer.TryWrite(slab);
}
