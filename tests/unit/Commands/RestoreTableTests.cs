using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.UnitTests.Sources.Artifacts;

namespace KubectlMlopsBackup.UnitTests.Commands;

public sealed class RestoreTableTests
{
    [Fact]
    public async Task A_dry_run_names_what_differs_and_counts_what_is_not_in_the_snapshot_only_where_it_looked()
    {
        using var world = await ArtifactWorld.CreateAsync();
        for (var i = 0; i < 120; i++)
        {
            world.Write($"a/{i:000}", "x"u8.ToArray());
        }

        world.Write("b\u001b[2J", "x"u8.ToArray());
        var snapshot = (await world.BackUpAsync()).Snapshot;
        await world.RestoreAsync(snapshot);
        File.WriteAllText(Path.Combine(world.Target, "a/added"), "x");
        File.WriteAllText(Path.Combine(world.Target, "b\u001b[2J"), "changed");

        var one = await world.RestoreAsync(snapshot, new RestoreOptions { DryRun = true });
        Assert.Null(one.Deleted);
        Assert.False(one.WasEqual);
        // The folder's time is that of the file that was added.
        Assert.Equal(2, one.FilesWritten);
        Assert.Equal("a", one.Differing[0]);
        var notes = RestoreTable.Notes(Outcome(one)).ToList();
        Assert.Contains("differs: a", notes);
        Assert.Contains(notes, n => n.StartsWith("differs: b", StringComparison.Ordinal));
        Assert.DoesNotContain(notes, n => n.Any(char.IsControl));
        Assert.Contains(notes, n => n.Contains("was not looked for", StringComparison.Ordinal));
        Assert.DoesNotContain("not in the snapshot", Text(one), StringComparison.Ordinal);

        var delete = await world.RestoreAsync(snapshot, new RestoreOptions { DryRun = true, Delete = true });
        Assert.Equal(1, delete.Deleted);
        Assert.Contains("1 are not in the snapshot", Text(delete), StringComparison.Ordinal);
        Assert.DoesNotContain(RestoreTable.Notes(Outcome(delete)), n => n.Contains("was not looked for", StringComparison.Ordinal));

        Directory.Delete(Path.Combine(world.Target, "a"), recursive: true);
        var many = await world.RestoreAsync(snapshot, new RestoreOptions { DryRun = true });
        Assert.Equal(122, many.FilesWritten);
        Assert.Equal(100, many.Differing.Count);
        notes = [.. RestoreTable.Notes(Outcome(many))];
        Assert.Equal(10, notes.Count(n => n.StartsWith("differs: ", StringComparison.Ordinal)));
        Assert.Contains("and 112 more; up to 100 are named with -o json", notes);
    }

    private static string Text(RestoreReport report)
    {
        using var text = new StringWriter();
        RestoreTable.Of(Outcome(report)).Write(text, wide: true, null);
        return text.ToString();
    }

    private static RestoreOutcome Outcome(RestoreReport report) => new()
    {
        Repository = "local",
        Time = DateTimeOffset.UnixEpoch,
        DryRun = true,
        Artifacts = report,
        RpoSeconds = 1,
        RpoTargetSeconds = 1,
        RtoTargetSeconds = 1,
    };
}
