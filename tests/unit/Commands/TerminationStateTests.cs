using System.Text.Json;
using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.State;
using KubectlMlopsBackup.Repository.Verifying;
using Snapshotted = KubectlMlopsBackup.Repository.Snapshots.Component;

namespace KubectlMlopsBackup.UnitTests.Commands;

/// <summary>What <c>status</c> lives on must get through, however long the rest is.</summary>
public sealed class TerminationStateTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_backup_that_went_wrong_everywhere_keeps_verdicts_exit_code_and_the_whole_state()
    {
        var read = Fitted(Outcome(repositories: 3));

        Assert.True(read.GetProperty("truncated").GetBoolean());
        Assert.Equal(3, read.GetProperty("exitCode").GetInt32());
        Assert.Equal(["incomplete", "failed"], read.GetProperty("components").EnumerateArray().Select(c => c.GetProperty("verdict").GetString()));
        Assert.Equal(5_000, read.GetProperty("components")[0].GetProperty("problemCount").GetInt64());
        Assert.Equal(Outcome(repositories: 3).State!.Select(Json), AgentReport.States(read).Select(Json));
    }

    [Fact]
    public void Of_more_repositories_than_fit_the_oldest_figures_go_first()
    {
        var read = Fitted(Outcome(repositories: 7));
        var states = AgentReport.States(read).ToList();

        Assert.Equal(2, read.GetProperty("components").GetArrayLength());
        Assert.Equal(3, read.GetProperty("exitCode").GetInt32());
        Assert.True(states.Count >= 3, $"{states.Count} states");
        var sizes = Outcome(7).State![0].Components[0].Sizes;
        Assert.Equal(sizes.TakeLast(states[0].Components[0].Sizes.Count), states[0].Components[0].Sizes);
    }

    [Fact]
    public void A_verify_that_finds_much_damage_keeps_every_repository_with_its_verdict_and_state()
    {
        IReadOnlyList<VerifyReport> reports = [Report("local", good: false), Report("offsite", good: true)];

        var read = Fitted(JsonSerializer.SerializeToElement(reports, LocalJson.Default.IReadOnlyListVerifyReport));

        Assert.Equal([false, true], read.GetProperty("result").EnumerateArray().Select(r => r.GetProperty("good").GetBoolean()));
        Assert.Equal(reports.Select(r => Json(r.State!)), AgentReport.States(read).Select(Json));
    }

    [Fact]
    public void An_ordinary_night_is_not_cut()
    {
        var outcome = Outcome(2) with { Components = [Component(0, null)], Mirrors = [], Prunes = [] };

        Assert.False(Fitted(outcome).TryGetProperty("truncated", out _));
    }

    private static JsonElement Fitted(BackupOutcome outcome) => Fitted(JsonSerializer.SerializeToElement(outcome, LocalJson.Default.BackupOutcome));

    private static JsonElement Fitted(JsonElement result)
    {
        var bytes = TerminationMessage.Fit(result);
        Assert.InRange(bytes.Length, 100, TerminationMessage.Longest);
        using var document = JsonDocument.Parse(bytes);
        return document.RootElement.Clone();
    }

    private static string Json(RepositoryState state) => JsonSerializer.Serialize(state, LocalJson.Default.RepositoryState);

    private static BackupOutcome Outcome(int repositories) => new()
    {
        Plan = Name("plan", 0),
        Repository = Name("repository", 0),
        Components = [Component(5_000, null), Component(0, new string('e', 2_000))],
        Mirrors = [.. Enumerable.Range(1, repositories - 1).Select(i => new MirrorOutcome(Name("repository", i), null, new string('m', 1_000)))],
        Prunes = [.. Enumerable.Range(0, repositories).Select(i => new PruneOutcome
        {
            Repository = Name("repository", i),
            DryRun = false,
            Snapshots = [.. Enumerable.Range(0, 90).Select(n => new PrunedSnapshot(new string('a', 64), Snapshotted.Postgres, Time, true, ["within 90d"]))],
        })],
        State = [.. Enumerable.Range(0, repositories).Select(i => State(Name("repository", i), trend: i == 0))],
        ExitCode = 3,
    };

    private static ComponentOutcome Component(int problems, string? error) => new(
        error is null ? Snapshotted.Artifacts : Snapshotted.Postgres,
        error is not null ? "failed" : problems > 0 ? "incomplete" : "complete",
        error is null ? new string('b', 64) : null,
        Time,
        error is null ? new SnapshotStats { Files = 1_000_000, Bytes = 1L << 41, BytesRead = 1L << 40, Seconds = 12_345.678 } : null,
        [.. Enumerable.Range(0, Math.Min(problems, 1_000)).Select(i => new Problem($"experiment/{i}/{new string('p', 300)}", "permission denied"))],
        problems,
        error,
        []);

    private static VerifyReport Report(string repository, bool good) => new()
    {
        Repository = repository,
        Level = VerificationLevel.Data,
        Damages = good ? [] : [.. Enumerable.Range(0, 500).Select(i => new Damage($"packs/{i}/{new string('c', 64)}", "is not what its name says"))],
        HurtSnapshots = good ? [] : [.. Enumerable.Repeat(new string('d', 64), 100)],
        HurtRecoveryPoints = good ? [] : [.. Enumerable.Repeat(new string('e', 64), 100)],
        Snapshots = 200,
        RecoveryPoints = 100,
        Packs = 100_000,
        PacksRead = 100_000,
        BytesRead = 1L << 42,
        Chunks = 1L << 30,
        OrphanPacks = 3,
        Seconds = 12_345.678,
        State = State(repository, trend: repository == "local"),
    };

    /// <summary>As much as two weeks of a large platform give.</summary>
    private static RepositoryState State(string name, bool trend) => new()
    {
        Repository = name,
        Time = Time,
        Bytes = 1L << 42,
        FreeBytes = 1L << 43,
        TotalBytes = 1L << 44,
        RecoveryPoint = new RecoveryPointState("0123abcd", Time, false, null),
        CompletePoint = new RecoveryPointState("4567abcd", Time.AddDays(-1), true, VerificationLevel.Structure),
        Components =
        [
            .. new[] { Snapshotted.Postgres, Snapshotted.Artifacts }.Select(c => new ComponentState
            {
                Component = c,
                Snapshots = 90,
                Newest = Time,
                NewestComplete = Time,
                VerifiedAt = Time,
                Verified = VerificationLevel.Structure,
                Growth = 1L << 36,
                Sizes = trend ? [.. Enumerable.Range(0, RepositoryStateReader.TrendPoints).Select(i => (1L << 41) + i)] : [],
                Seconds = trend ? [.. Enumerable.Range(0, RepositoryStateReader.TrendPoints).Select(i => 12_345.6 + i)] : [],
            }),
        ],
    };

    /// <summary>As long as a name may be.</summary>
    private static string Name(string prefix, int number) => $"{prefix}-{number}-{new string('n', 63)}"[..63];
}
