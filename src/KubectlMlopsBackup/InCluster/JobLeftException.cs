namespace KubectlMlopsBackup.InCluster;

/// <summary>Ctrl-C while a Job was followed.</summary>
/// <param name="runs">The Job goes on; otherwise it was cancelled.</param>
internal sealed class JobLeftException(bool runs, OperationCanceledException inner) : OperationCanceledException(inner.Message, inner)
{
    public bool Runs => runs;
}
