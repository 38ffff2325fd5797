using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Cluster.Jobs;

/// <summary>Is told what happens to a Job that is followed.</summary>
internal interface IJobObserver
{
    /// <summary>Each line of the log as it is, before anything is made of it.</summary>
    void Line(string text)
    {
    }

    /// <summary>The agent's own: progress and notes.</summary>
    void Said(ProgressEvent line);

    /// <summary>A line for people: what the pod waits for, that it was started again.</summary>
    void Note(string line);
}
