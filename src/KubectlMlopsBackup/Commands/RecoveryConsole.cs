using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>Shows a recovery as it goes: a line a step, and the progress of the Job that runs.</summary>
internal sealed class RecoveryConsole(ProgressReporter progress) : IJobObserver
{
    public void Said(ProgressEvent line)
    {
        if (line.Type is not ("progress" or "end"))
        {
            // What a restore on its own has to say to people would be about this part only.
            if (line.Message is { } message && message.StartsWith("warning", StringComparison.Ordinal))
            {
                Note(message);
            }

            return;
        }

        var counters = progress.Counters;
        counters.Phase = line.Phase;
        Interlocked.Exchange(ref counters.FilesDone, line.FilesDone ?? 0);
        Interlocked.Exchange(ref counters.FilesTotal, line.FilesTotal ?? 0);
        Interlocked.Exchange(ref counters.BytesDone, line.BytesDone ?? 0);
        Interlocked.Exchange(ref counters.BytesTotal, line.BytesTotal ?? 0);
        Interlocked.Exchange(ref counters.BytesStored, line.BytesStored ?? 0);
    }

    public void Begin(string title) => progress.Counters.Begin(title);

    public void Note(string line) => progress.Note(line);
}
