namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// Waits for things that run side by side. The first that fails stops the others, and it is its exception that is
/// thrown, not the cancellations that followed from it.
/// </summary>
internal static class FirstFailure
{
    /// <param name="work">Until all of it is done.</param>
    /// <param name="companions">Run as long as the work does; only their failure matters.</param>
    /// <param name="stop">Cancelled when something failed or all is done.</param>
    public static async Task OrAllAsync(
        IReadOnlyCollection<Task> work, IReadOnlyCollection<Task> companions, CancellationTokenSource stop)
    {
        var running = new HashSet<Task>([.. work, .. companions]);
        Task? failed = null;
        while (work.Any(running.Contains))
        {
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            if (ended.Status != TaskStatus.RanToCompletion)
            {
                failed = ended;
                break;
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (failed is not null)
        {
            await failed;
        }
    }
}
