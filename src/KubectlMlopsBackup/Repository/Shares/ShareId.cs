namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>One process's part of a run.</summary>
/// <param name="Run">The run's id: the same for all its shares, and used once.</param>
/// <param name="Index">From 0.</param>
/// <param name="Count">How many shares there are, 1 to <see cref="MaxCount"/>.</param>
internal sealed record ShareId(string Run, int Index, int Count)
{
    public const int MaxCount = 64;

    /// <summary>For people, who count from 1.</summary>
    public override string ToString() => $"share {Index + 1} of {Count}";
}
