namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Cancels one try of a request when nothing has moved for a while.</summary>
internal sealed class StallGuard : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _either;
    private readonly CancellationToken _caller;

    public StallGuard(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        _limit = limit;
        _caller = caller;
        _stalled = new CancellationTokenSource(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(caller, _stalled.Token);
    }

    /// <summary>For the request: cancelled by the caller or by the stall.</summary>
    public CancellationToken Token => _either.Token;

    public bool HasStalled => _stalled.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>Bytes moved: the wait starts anew.</summary>
    public void Progress()
    {
        try
        {
            _stalled.CancelAfter(_limit);
        }
        catch (ObjectDisposedException)
        {
            // A body that is still being read after its try was given up.
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _stalled.Dispose();
    }
}
