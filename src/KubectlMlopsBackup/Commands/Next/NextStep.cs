namespace KubectlMlopsBackup.Commands.Next;

/// <summary>What is to be typed next.</summary>
/// <param name="Line">What follows <c>kubectl mlopsbackup</c>, without the flags that say which cluster, namespace and plan.</param>
/// <param name="Why">In a few words, lower case.</param>
internal sealed record NextStep(string Line, string Why);
