using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>Shows what the probe's pod waits for; what it says is among the findings.</summary>
internal sealed class DoctorConsole(ProgressReporter progress) : IJobObserver
{
    public void Said(ProgressEvent line)
    {
    }

    public void Note(string line) => progress.Note(line);
}
