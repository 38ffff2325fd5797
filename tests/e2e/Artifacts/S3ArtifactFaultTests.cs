using System.Net;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Sources.Artifacts.S3;

namespace KubectlMlopsBackup.EndToEndTests.Artifacts;

/// <summary>Artifacts in a bucket that changes, fails, or may not be used.</summary>
public sealed class S3ArtifactFaultTests : IAsyncLifetime
{
    private S3ArtifactWorld world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ProxyFault[] Passing =>
    [
        ProxyFault.InternalError, ProxyFault.SlowDown, ProxyFault.ResetBefore, ProxyFault.ResetAfter, ProxyFault.Truncate,
        ProxyFault.SlowBody, ProxyFault.Latency,
    ];

    public async ValueTask InitializeAsync() => world = await S3ArtifactWorld.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (world is not null)
        {
            await world.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_object_deleted_between_listing_and_reading_is_named()
    {
        await world.FillAsync(10, large: 1);
        var source = new MeddlingSource(world.Source(), async () =>
        {
            await world.DeleteAsync("models/0");
            await world.DeleteAsync("runs/0005/params.json");
        });
        var snapshot = await world.BackUpAsync(source);

        Assert.Equal(Verdict.Incomplete, snapshot.Verdict);
        Assert.Equal(["models/0", "runs/0005/params.json"], snapshot.Problems.Select(p => p.Path));
        Assert.All(snapshot.Problems, p => Assert.Contains("deleted", p.Reason, StringComparison.Ordinal));
        Assert.Equal(9, snapshot.Stats.Files);
    }

    [Fact]
    public async Task An_object_overwritten_between_listing_and_reading_is_read_as_it_is_now()
    {
        await world.FillAsync(10, large: 1);
        var source = new MeddlingSource(world.Source(), async () =>
        {
            await world.PutAsync("models/0", S3ArtifactWorld.Bytes(300_000, seed: 9));
            await world.PutAsync("runs/0005/params.json", S3ArtifactWorld.Bytes(1234, seed: 9));
        });
        var snapshot = await world.BackUpAsync(source);

        Assert.Equal(Verdict.Complete, snapshot.Verdict);
        await world.RestoreAsync(snapshot, "back");
        await world.AssertEqualAsync("back");
        Assert.Equal(0, (await world.BackUpAsync()).Stats.BytesRead);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_resumed_and_only_of_the_same_object()
    {
        await world.PutAsync("big", S3ArtifactWorld.Bytes(S3ArtifactWorld.Large, seed: 1));
        await using var proxy = await FaultProxy.StartAsync(
            world.Bucket.Server.Endpoint,
            FaultSchedule.Scripted(null, ProxyFault.TruncateAfter(5_000_000), ProxyFault.TruncateAfter(5_000_000)),
            Token);
        var snapshot = await world.BackUpAsync(world.Source(proxy.Endpoint));

        Assert.Equal(Verdict.Complete, snapshot.Verdict);
        var reads = proxy.Requests.Where(r => r.Target.Contains("/big", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, reads.Count);
        Assert.All(reads, r => Assert.NotEmpty(r.Headers.IfMatch.ToString()));
        Assert.Equal(3, reads.Select(r => r.Headers.Range.ToString()).Distinct().Count());
        await world.RestoreAsync(snapshot, "back");
        await world.AssertEqualAsync("back");
    }

    [Fact]
    public async Task An_object_overwritten_while_it_is_read_is_read_anew()
    {
        await world.PutAsync("big", S3ArtifactWorld.Bytes(S3ArtifactWorld.Large, seed: 1));
        var reads = 0;
        await using var proxy = await FaultProxy.StartAsync(
            world.Bucket.Server.Endpoint,
            request =>
            {
                if (!request.Target.Contains("/big", StringComparison.Ordinal))
                {
                    return null;
                }

                if (++reads == 2)
                {
                    // Before the request that resumes is passed on.
                    world.Put("big", S3ArtifactWorld.Bytes(S3ArtifactWorld.Large, seed: 2));
                }

                return reads == 1 ? ProxyFault.TruncateAfter(5_000_000) : null;
            },
            Token);
        var snapshot = await world.BackUpAsync(world.Source(proxy.Endpoint));

        Assert.Equal(Verdict.Complete, snapshot.Verdict);
        await world.RestoreAsync(snapshot, "back");
        await world.AssertEqualAsync("back");
    }

    [Fact]
    public async Task An_archived_object_is_a_problem_only_when_it_must_be_read()
    {
        await world.FillAsync(5, large: 0);
        await world.BackUpAsync();
        await world.PutAsync("runs/0009/params.json", [1]);
        await using var proxy = await FaultProxy.StartAsync(
            world.Bucket.Server.Endpoint,
            r => r.Target.Contains("/runs/", StringComparison.Ordinal)
                ? ProxyFault.Respond(HttpStatusCode.Forbidden, "InvalidObjectState") : null,
            Token);
        var snapshot = await world.BackUpAsync(world.Source(proxy.Endpoint));

        Assert.Equal(5, snapshot.Stats.Files);
        var problem = Assert.Single(snapshot.Problems);
        Assert.Equal("runs/0009/params.json", problem.Path);
        Assert.Contains("archive", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_in_every_tenth_request_is_survived()
    {
        await world.FillAsync(300, large: 2);
        await using var proxy = await FaultProxy.StartAsync(
            world.Bucket.Server.Endpoint, FaultSchedule.Random(seed: 3, probability: 0.1, Passing), Token);
        var snapshot = await world.BackUpAsync(world.Source(proxy.Endpoint));
        Assert.Equal(Verdict.Complete, snapshot.Verdict);
        Assert.Equal(302, snapshot.Stats.Files);
        var read = proxy.Injected;

        await world.PutAsync("extra", [1], "back");
        var report = await world.RestoreAsync(snapshot, "back", new RestoreOptions { Delete = true }, proxy.Endpoint);
        Assert.Equal((302, 1), (report.FilesWritten, report.Deleted));
        await world.AssertEqualAsync("back");
        Assert.True(read > 10 && proxy.Injected - read > 10, $"only {read} and {proxy.Injected - read} faults were injected");
    }

    [Fact]
    public async Task A_restore_that_fails_leaves_no_parts_and_goes_on_when_run_again()
    {
        await world.FillAsync(50, large: 2);
        var snapshot = await world.BackUpAsync();
        await using (var proxy = await FaultProxy.StartAsync(
            world.Bucket.Server.Endpoint,
            r => r.Target.Contains("partNumber=2", StringComparison.Ordinal)
                ? ProxyFault.Respond(HttpStatusCode.Forbidden, "AccessDenied") : null,
            Token))
        {
            var error = await Assert.ThrowsAsync<UserError>(() => world.RestoreAsync(snapshot, "back", null, proxy.Endpoint));
            Assert.Contains("s3:PutObject on back/models/", error.Message, StringComparison.Ordinal);
        }

        var uploads = await world.Bucket.Client.ListMultipartUploadsAsync(world.Bucket.Name, Token);
        Assert.Empty(uploads.MultipartUploads ?? []);
        var before = (await world.ContentAsync("back")).Count;
        Assert.Equal(52 - before, (await world.RestoreAsync(snapshot, "back")).FilesWritten);
        await world.AssertEqualAsync("back");
    }

    [Fact]
    public async Task What_may_not_be_deleted_is_counted_and_named_and_hinders_nothing_else()
    {
        await world.FillAsync(3, large: 0);
        var snapshot = await world.BackUpAsync();
        // One that goes alone, as its key is no XML, and one that goes with others.
        await world.PutAsync("left\u0007over", [1], "back");
        await world.PutAsync("extra", [1], "back");
        await using var proxy = await FaultProxy.StartAsync(
            world.Bucket.Server.Endpoint, r => r.Method == "DELETE" ? ProxyFault.Respond(HttpStatusCode.Forbidden, "AccessDenied") : null, Token);

        var report = await world.RestoreAsync(snapshot, "back", new RestoreOptions { Delete = true }, proxy.Endpoint);

        Assert.Equal((3, 1), (report.FilesWritten, report.Deleted));
        var problem = Assert.Single(report.Problems);
        Assert.Contains("could not be deleted", problem.Reason, StringComparison.Ordinal);
        Assert.Contains("access denied: s3:DeleteObject", problem.Reason, StringComparison.Ordinal);
        Assert.Contains("left", problem.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_is_missing_forbidden_or_empty_is_said_so()
    {
        var missing = world.Settings("x") with { Bucket = "test-missing-bucket" };
        var error = await Assert.ThrowsAsync<UserError>(
            () => world.BackUpAsync(new S3Source(missing, PathFilter.Everything, TimeProvider.System)));
        Assert.Contains("there is no bucket test-missing-bucket", error.Message, StringComparison.Ordinal);

        var server = world.Bucket.Server;
        var foreign = world.Settings("x") with { AccessKey = server.OtherAccessKey, SecretKey = server.OtherSecretKey };
        error = await Assert.ThrowsAsync<UserError>(
            () => world.BackUpAsync(new S3Source(foreign, PathFilter.Everything, TimeProvider.System)));
        Assert.Contains("access denied: s3:ListBucket", error.Message, StringComparison.Ordinal);

        error = await Assert.ThrowsAsync<UserError>(() => world.BackUpAsync());
        Assert.Contains("has no files", error.Message, StringComparison.Ordinal);

        await world.FillAsync(3, large: 0);
        var snapshot = await world.BackUpAsync();
        error = await Assert.ThrowsAsync<UserError>(
            () => world.RestoreAsync(snapshot, new S3Target(missing, TimeProvider.System)));
        Assert.Contains("there is no bucket test-missing-bucket", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_that_may_not_be_read_are_named()
    {
        await world.FillAsync(3, large: 0);
        await using var proxy = await FaultProxy.StartAsync(
            world.Bucket.Server.Endpoint,
            r => r.Target.Contains("/runs/0001", StringComparison.Ordinal)
                ? ProxyFault.Respond(HttpStatusCode.Forbidden, "AccessDenied") : null,
            Token);
        var snapshot = await world.BackUpAsync(world.Source(proxy.Endpoint));
        Assert.Equal(["runs/0001/params.json"], snapshot.Problems.Select(p => p.Path));
        Assert.Contains("s3:GetObject", snapshot.Problems[0].Reason, StringComparison.Ordinal);
    }
}
