using System.Net;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.EndToEndTests.Repository.Storage;

/// <summary>The store behind a proxy that hurts its requests.</summary>
public sealed class S3FaultTests : IAsyncLifetime
{
    /// <summary>.NET itself repeats a bodyless request ten times at once when its connection breaks before an answer.</summary>
    private static readonly int MostRequests = new S3RetryOptions().Tries * 11;

    private TestBucket _bucket = null!;
    private S3Store _direct = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Faults =>
    [
        "InternalError", "SlowDown", "ExpiredToken", "ResetBefore", "ResetAfter", "Truncate", "TruncateAfter",
        "SlowBody", "Latency", "Hang", "All",
    ];

    public static TheoryData<string, string> FatalFaults => new()
    {
        { "InternalError", "HTTP 500" },
        { "SlowDown", "HTTP 503" },
        { "ExpiredToken", "the credentials have expired" },
        { "ResetBefore", "failed after several tries" },
        { "Truncate", "failed after several tries" },
        { "Hang", "does not answer" },
    };

    public async ValueTask InitializeAsync()
    {
        _bucket = await TestBucket.CreateAsync(Token);
        _direct = new S3Store(_bucket.Settings, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _direct?.Dispose();
        if (_bucket is not null)
        {
            await _bucket.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_in_every_fifth_request_is_survived(string fault)
    {
        await using var proxy = await StartAsync(FaultSchedule.Random(seed: 7, probability: 0.2, Named(fault)));
        using var store = Behind(proxy, stall: TimeSpan.FromMilliseconds(500));
        await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (i, token) =>
        {
            var content = Bytes(i == 0 ? 6_000_000 : 1000 * i);
            await store.PutAsync($"packs/{i:x2}", content, token);
            var back = await store.GetAsync($"packs/{i:x2}", int.MaxValue, token);
            Assert.True(content.AsSpan().SequenceEqual(back));
        });

        var listed = await store.ListAsync("packs/", Token).ToListAsync(Token);
        Assert.Equal(40, listed.Count);
        Assert.NotEqual(DeleteOutcome.Retained, await store.DeleteAsync("packs/05", Token));
        Assert.Equal(39, await _direct.ListAsync("packs/", Token).CountAsync(Token));
        Assert.True(proxy.Injected > 10, $"only {proxy.Injected} faults were injected");
    }

    [Theory]
    [MemberData(nameof(FatalFaults))]
    public async Task A_fault_in_every_request_ends_in_a_clear_error_after_a_few_tries(string fault, string message)
    {
        await _direct.PutAsync("packs/there", Bytes(1000), Token);
        await using var proxy = await StartAsync(FaultSchedule.Always(Named(fault)[0]));
        Func<S3Store, Task>[] operations =
        [
            store => store.PutAsync("packs/a", Bytes(100_000), Token),
            store => store.ReadAsync("packs/there", 0, new byte[1000], Token),
            store => store.SizeAsync("packs/there", Token),
            store => store.DeleteAsync("packs/there", Token),
            async store => await store.ListAsync("packs/", Token).ToListAsync(Token),
        ];
        foreach (var operation in operations)
        {
            var before = proxy.Requests.Count;
            using var store = Behind(proxy, stall: TimeSpan.FromMilliseconds(fault == "Hang" ? 100 : 10_000));
            var error = await Assert.ThrowsAnyAsync<Exception>(() => operation(store));

            Assert.True(error is UserError or IOException, $"not for a user: {error}");
            Assert.True(error.Message.Contains(message, StringComparison.Ordinal), error.ToString());
            Assert.Contains(store.Location, error.Message, StringComparison.Ordinal);
            Assert.InRange(proxy.Requests.Count - before, 2, MostRequests);
        }

        Assert.Equal(1000, await _direct.SizeAsync("packs/there", Token));
    }

    [Fact]
    public async Task A_lost_answer_to_a_write_is_no_conflict()
    {
        await using var proxy = await StartAsync(FaultSchedule.First("PUT", ProxyFault.ResetAfter));
        using var store = Behind(proxy);
        await store.PutAsync("a", Bytes(1000), Token);

        Assert.Equal(2, proxy.Requests.Count(r => r.Method == "PUT"));
        Assert.Equal(Bytes(1000), await _direct.GetAsync("a", 1000, Token));
    }

    [Fact]
    public async Task A_lost_answer_to_the_last_request_of_parts_is_no_failure()
    {
        var content = Bytes((int)S3Upload.MultipartAbove + 1);
        var lost = false;
        await using var proxy = await StartAsync(request =>
        {
            var complete = request.Method == "POST" && request.Target.Contains("uploadId=", StringComparison.Ordinal);
            var fault = complete && !lost ? ProxyFault.ResetAfter : null;
            lost |= complete;
            return fault;
        });
        using var store = Behind(proxy);
        await store.PutAsync("big", content, Token);

        Assert.True(lost);
        Assert.Equal(content.Length, await _direct.SizeAsync("big", Token));
    }

    [Fact]
    public async Task A_broken_body_is_resumed_and_not_begun_again()
    {
        var content = Bytes(3_000_000);
        await _direct.PutAsync("a", content, Token);
        await using var proxy = await StartAsync(FaultSchedule.Scripted(
            ProxyFault.TruncateAfter(1_000_000), ProxyFault.TruncateAfter(1_000_000)));
        using var store = Behind(proxy);
        var back = new byte[content.Length];

        Assert.Equal(content.Length, await store.ReadAsync("a", 0, back, Token));

        Assert.True(content.AsSpan().SequenceEqual(back));
        var starts = proxy.Requests
            .Select(r => long.Parse(r.Headers.Range.ToString()["bytes=".Length..].Split('-')[0])).ToList();
        Assert.Equal(3, starts.Count);
        Assert.Equal(starts.Order(), starts);
        Assert.True(starts[1] > 0 && starts[2] > starts[1], string.Join(' ', starts));
    }

    [Theory]
    [InlineData("If-None-Match", HttpStatusCode.NotImplemented, "NotImplemented")]
    [InlineData("If-None-Match", HttpStatusCode.BadRequest, "InvalidArgument")]
    [InlineData("x-amz-checksum-sha256", HttpStatusCode.BadRequest, "InvalidRequest")]
    public async Task A_header_that_the_store_does_not_know_is_left_out_from_then_on(string header, HttpStatusCode status, string code)
    {
        await using var proxy = await StartAsync(r => r.Headers.ContainsKey(header) ? ProxyFault.Respond(status, code) : null);
        using var store = Behind(proxy);
        for (var i = 0; i < 5; i++)
        {
            await store.PutAsync($"packs/{i}", Bytes(100 + i), Token);
        }

        await store.PutAsync("packs/0", Bytes(100), Token);
        await Assert.ThrowsAsync<ObjectConflictException>(() => store.PutAsync("packs/0", Bytes(1), Token));
        Assert.InRange(proxy.Injected, 1, 2);
        Assert.Equal(5, await _direct.ListAsync("", Token).CountAsync(Token));
    }

    [Fact]
    public async Task A_store_that_ignores_the_condition_does_not_overwrite_either()
    {
        await using var proxy = await StartAsync(FaultSchedule.None);
        using var store = Behind(proxy);
        await _direct.PutAsync("a", Bytes(10), Token);

        await Assert.ThrowsAsync<ObjectConflictException>(() => store.PutAsync("a", Bytes(11), Token));

        Assert.DoesNotContain(proxy.Requests, r => r.Method == "PUT");
    }

    [Fact]
    public async Task What_is_under_object_lock_is_retained_and_no_error()
    {
        await _direct.PutAsync("a", Bytes(10), Token);
        await using var proxy = await StartAsync(r => r.Method == "DELETE"
            ? ProxyFault.Respond(HttpStatusCode.Forbidden, "AccessDenied", "forbidden by object lock") : null);
        using var store = Behind(proxy);

        Assert.Equal(DeleteOutcome.Retained, await store.DeleteAsync("a", Token));
        Assert.Single(proxy.Requests, r => r.Method == "DELETE");
    }

    [Fact]
    public async Task A_forbidden_deletion_is_an_error()
    {
        await _direct.PutAsync("a", Bytes(10), Token);
        await using var proxy = await StartAsync(r => r.Method == "DELETE"
            ? ProxyFault.Respond(HttpStatusCode.Forbidden, "AccessDenied", "Access Denied") : null);
        using var store = Behind(proxy);

        var error = await Assert.ThrowsAsync<UserError>(() => store.DeleteAsync("a", Token));
        Assert.Contains("s3:DeleteObject on some/prefix/a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_request_that_hangs_ends_it()
    {
        await using var proxy = await StartAsync(FaultSchedule.Always(ProxyFault.Hang));
        using var store = Behind(proxy, stall: TimeSpan.FromMinutes(10));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var read = store.ReadAsync("a", 0, new byte[1], stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    private static ProxyFault[] Named(string name) => name switch
    {
        "InternalError" => [ProxyFault.InternalError],
        "SlowDown" => [ProxyFault.SlowDown],
        "ExpiredToken" => [ProxyFault.ExpiredToken],
        "ResetBefore" => [ProxyFault.ResetBefore],
        "ResetAfter" => [ProxyFault.ResetAfter],
        "Truncate" => [ProxyFault.Truncate],
        "TruncateAfter" => [ProxyFault.TruncateAfter(100)],
        "SlowBody" => [ProxyFault.SlowBody],
        "Latency" => [ProxyFault.Latency],
        "Hang" => [ProxyFault.Hang],
        _ =>
        [
            ProxyFault.InternalError, ProxyFault.SlowDown, ProxyFault.ExpiredToken, ProxyFault.ResetBefore,
            ProxyFault.ResetAfter, ProxyFault.Truncate, ProxyFault.SlowBody, ProxyFault.Latency,
        ],
    };

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private Task<FaultProxy> StartAsync(Func<ProxyRequest, ProxyFault?> schedule) =>
        FaultProxy.StartAsync(_bucket.Server.Endpoint, schedule, Token);

    private S3Store Behind(FaultProxy proxy, TimeSpan? stall = null)
    {
        var settings = _bucket.Settings;
        return new S3Store(
            settings with
            {
                Endpoint = proxy.Endpoint,
                Retry = settings.Retry with { Stall = stall ?? settings.Retry.Stall },
            },
            TimeProvider.System);
    }
}
