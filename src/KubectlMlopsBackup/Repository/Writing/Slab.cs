namespace KubectlMlopsBackup.Repository.Writing;

/// <summary>A large buffer whose slices go to several encoders; it returns to its pool with the last of them.</summary>
internal sealed class Slab(SlabPool pool, int size)
{
    private int references;

    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(size, pinned: true);

    public void Start() => references = 1;

    public void AddReference() => Interlocked.Increment(ref references);

    public void Release()
    {
        if (Interlocked.Decrement(ref references) == 0)
        {
            pool.Return(this);
        }
    }
}
