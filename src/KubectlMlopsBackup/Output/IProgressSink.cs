namespace KubectlMlopsBackup.Output;

/// <summary>One way of showing progress. Called under one lock, never twice at once.</summary>
internal interface IProgressSink
{
    /// <summary>Between two calls of <see cref="Show"/>; null: it is never called.</summary>
    TimeSpan? Interval { get; }

    void Show(ProgressSnapshot progress);

    /// <summary>The last call: the work has ended, well or not.</summary>
    void Finish(ProgressSnapshot progress);

    /// <summary>A line of its own, such as a warning, that stays.</summary>
    void Note(string line);
}
