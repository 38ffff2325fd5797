using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.UnitTests.Cluster.Api;

public sealed class ObjectWatchTests : IDisposable
{
    private const string Gone = """{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version"}""";
    private const string Forbidden = """{"kind":"Status","code":403,"reason":"Forbidden","message":"no"}""";

    private readonly ScriptedApi server = new();

    public void Dispose() => server.Dispose();

    [Fact]
    public async Task A_change_gives_the_whole_list_again()
    {
        server.Lists.Enqueue((200, List("1", "a")));
        server.Watches.Enqueue((200, Event("ADDED", "b") + Event("BOOKMARK", "") + Event("DELETED", "a")));

        Assert.Equal(["a", "a b", "b"], await TakeAsync(3));
    }

    [Theory]
    [InlineData(410, Gone)]
    [InlineData(200, """{"type":"ERROR","object":""" + Gone + "}\n")]
    [InlineData(200, "")]
    [InlineData(503, "{}")]
    public async Task A_watch_that_breaks_is_taken_up_by_a_new_list(int code, string body)
    {
        server.Lists.Enqueue((200, List("1", "a")));
        server.Lists.Enqueue((200, List("9", "a", "c")));
        server.Watches.Enqueue((code, body));
        server.Watches.Enqueue((200, Event("ADDED", "d")));

        Assert.Equal(["a", "a c", "a c d"], await TakeAsync(3));
        Assert.Contains(server.Asked, a => a.Contains("resourceVersion=9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_not_watch_lists()
    {
        server.Lists.Enqueue((200, List("1", "a")));
        server.Lists.Enqueue((200, List("2", "b")));
        server.Watches.Enqueue((403, Forbidden));

        Assert.Equal(["a", "b", "b"], await TakeAsync(3));
        Assert.Single(server.Asked, a => a.Contains("watch=1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_list_is_an_error_that_names_the_rule()
    {
        server.Lists.Enqueue((403, Forbidden));

        var refused = await Assert.ThrowsAsync<ClusterException>(() => TakeAsync(1));
        Assert.Contains("resources: [\"pods\"], verbs: [\"list\"]", refused.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", refused.ToString(), StringComparison.Ordinal);
    }

    private async Task<List<string>> TakeAsync(int count)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var api = await ClusterApi.ConnectAsync(ClusterOptions.Default with { Kubeconfig = server.Kubeconfig }, TimeProvider.System, cancellationToken);
        var watch = new ObjectWatch<PodView>(
            api, ApiResource.Pods, "mlops", null, null, ClusterJson.Default.PodView, ClusterJson.Default.ListViewPodView, TimeProvider.System, TimeSpan.FromMinutes(1));
        var seen = new List<string>();
        await foreach (var pods in watch.RunAsync(cancellationToken))
        {
            seen.Add(string.Join(' ', pods.Select(p => p.Metadata.Name)));
            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }

    private static string List(string version, params string[] names) =>
        $$"""{"metadata":{"resourceVersion":"{{version}}"},"items":[{{string.Join(',', names.Select(Pod))}}]}""";

    private static string Event(string type, string name) => $$"""{"type":"{{type}}","object":{{Pod(name)}}}""" + "\n";

    private static string Pod(string name) => $$$"""{"metadata":{"name":"{{{name}}}","uid":"{{{name}}}"}}""";
}
