using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>Prints the lines of a Job that is followed; what happens to the Job itself goes to standard error.</summary>
/// <param name="raw">The lines as they are.</param>
internal sealed class LogObserver(LogLines lines, bool raw) : IJobObserver
{
    public static void Show(LogLines lines, bool raw, string text)
    {
        if (raw)
        {
            Console.Out.WriteLine(text);
        }
        else
        {
            lines.Add(text);
        }
    }

    public void Line(string text)
    {
        Show(lines, raw, text);
        Console.Out.Flush();
    }

    public void Said(ProgressEvent line)
    {
    }

    public void Note(string line) => Console.Error.WriteLine(PlainText.Clean(line));
}
