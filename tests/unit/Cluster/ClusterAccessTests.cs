using System.Security.Cryptography.X509Certificates;
using System.Text;
using KubectlMlopsBackup.Cluster.Access;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Cluster;

/// <summary>Each way of a kubeconfig to say who asks, as the API server sees it.</summary>
public sealed class ClusterAccessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mlopsbackup-access-").FullName;
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddYears(60));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_bearer_token_is_shown()
    {
        await using var server = await FakeApiServer.StartAsync();

        Assert.Equal("Bearer abc", (await AskAsync(server, "{token: abc}")).Header("Authorization"));
    }

    [Fact]
    public async Task A_token_file_is_relative_to_its_kubeconfig_and_read_again_after_a_minute()
    {
        await using var server = await FakeApiServer.StartAsync();
        Write("token", "one\n");
        using var api = await ConnectAsync(server, "{tokenFile: token}");

        await AskAsync(api);
        Write("token", "two\n");
        await AskAsync(api);
        clock.Advance(TimeSpan.FromMinutes(2));
        await AskAsync(api);

        Assert.Equal(["Bearer one", "Bearer one", "Bearer two"], server.Requests.Select(r => r.Header("Authorization")));
    }

    [Fact]
    public async Task A_client_certificate_is_shown_and_the_given_authority_trusted()
    {
        await using var server = await FakeApiServer.StartAsync(tls: "localhost");
        using var certificate = FakeApiServer.Certificate("ann");
        Write("client.crt", certificate.ExportCertificatePem());
        Write("client.key", certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Write("ca.crt", server.Authority!);

        var fromFiles = await AskAsync(server, "{client-certificate: client.crt, client-key: client.key}", "certificate-authority: ca.crt");
        var data = $"{{client-certificate-data: {Base64(certificate.ExportCertificatePem())}, client-key-data: {Base64(certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem())}}}";
        var fromData = await AskAsync(server, data, $"certificate-authority-data: {Base64(server.Authority!)}");

        Assert.Equal("CN=ann", fromFiles.Certificate);
        Assert.Equal("CN=ann", fromData.Certificate);
    }

    [Theory]
    [InlineData("localhost", false, "")]
    [InlineData("cluster.example", true, "")]
    [InlineData("localhost", true, ", tls-server-name: elsewhere")]
    public async Task A_server_that_is_not_trusted_gets_no_token(string name, bool trusted, string more)
    {
        await using var server = await FakeApiServer.StartAsync(tls: name);
        using var other = FakeApiServer.Certificate(name);
        var trust = $"certificate-authority-data: {Base64(trusted ? server.Authority! : other.ExportCertificatePem())}{more}";

        var e = await Assert.ThrowsAsync<ClusterException>(() => AskAsync(server, "{token: abc}", trust));

        Assert.Contains("not trusted", e.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("tls-server-name: cluster.example, certificate-authority-data: ")]
    [InlineData("insecure-skip-tls-verify: true")]
    public async Task A_server_of_another_name_is_trusted_where_the_kubeconfig_says_so(string trust)
    {
        await using var server = await FakeApiServer.StartAsync(tls: "cluster.example");

        var seen = await AskAsync(server, "{token: abc}", trust + (trust.EndsWith(' ') ? Base64(server.Authority!) : ""));

        Assert.Equal("Bearer abc", seen.Header("Authorization"));
    }

    [Fact]
    public async Task An_exec_plugin_gets_its_arguments_whole_and_its_environment()
    {
        await using var server = await FakeApiServer.StartAsync();
        Plugin("printf '%s|' \"$@\" > seen; printf %s \"$STAGE\" >> seen; echo \"$KUBERNETES_EXEC_INFO\" > info", "\"t\"");

        var seen = await AskAsync(server, Exec("args: [\"a b\", \"c'd\", \"\"], env: [{name: STAGE, value: \"x y\"}], provideClusterInfo: true"));

        Assert.Equal("Bearer t", seen.Header("Authorization"));
        Assert.Equal("a b|c'd||x y", File.ReadAllText(Path.Combine(folder, "seen")));
        Assert.Contains(server.Address, File.ReadAllText(Path.Combine(folder, "info")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exec_plugin_is_asked_again_when_its_token_has_ended_and_not_before()
    {
        await using var server = await FakeApiServer.StartAsync();
        Plugin("echo x >> runs", "\"t$(wc -l < runs)\"", $"{clock.GetUtcNow().AddMinutes(10):yyyy-MM-ddTHH:mm:ssZ}");
        using var api = await ConnectAsync(server, Exec(""));

        await AskAsync(api);
        await AskAsync(api);
        clock.Advance(TimeSpan.FromMinutes(11));
        await AskAsync(api);

        Assert.Equal(["Bearer t1", "Bearer t1", "Bearer t2"], server.Requests.Select(r => r.Header("Authorization")));
    }

    [Fact]
    public async Task An_exec_plugin_is_asked_again_once_when_the_server_says_401()
    {
        await using var server = await FakeApiServer.StartAsync();
        Plugin("echo x >> runs", "\"t$(wc -l < runs)\"");
        server.Answer = c => RefuseAsync(c, c.Request.Headers.Authorization != "Bearer t2" ? 401 : 200);
        using var api = await ConnectAsync(server, Exec(""));

        await AskAsync(api);
        server.Answer = c => RefuseAsync(c, 401);
        var e = await Assert.ThrowsAsync<ClusterException>(() => AskAsync(api));

        Assert.Equal(["Bearer t1", "Bearer t2", "Bearer t2", "Bearer t3"], server.Requests.Select(r => r.Header("Authorization")));
        Assert.Contains("log in again", e.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_plugin_printed_is_in_no_message()
    {
        await using var server = await FakeApiServer.StartAsync();
        File.WriteAllText(Path.Combine(folder, "plugin"), "#!/bin/sh\necho hunter2\n");
        File.SetUnixFileMode(Path.Combine(folder, "plugin"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var e = await Assert.ThrowsAsync<UserError>(() => AskAsync(server, Exec("")));

        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
        Assert.Contains("printed no ExecCredential", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_shows_its_install_hint()
    {
        await using var server = await FakeApiServer.StartAsync();

        var e = await Assert.ThrowsAsync<UserError>(() => AskAsync(server, "{exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin-7, installHint: get it at example.com}}"));

        Assert.Equal("get it at example.com", e.Fix);
    }

    [Fact]
    public async Task Acting_as_another_is_said_in_headers()
    {
        await using var server = await FakeApiServer.StartAsync();
        using var api = await ConnectAsync(server, "{token: abc, as: ignored}", options: o => o with { As = "bob", AsGroups = ["g1", "g2"] });

        await AskAsync(api);

        var seen = Assert.Single(server.Requests);
        Assert.Equal("bob", seen.Header("Impersonate-User"));
        Assert.Equal("g1,g2", seen.Header("Impersonate-Group")!.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("Bearer abc", seen.Header("Authorization"));
    }

    [Fact]
    public async Task The_proxy_of_the_kubeconfig_is_used()
    {
        await using var proxy = await FakeApiServer.StartAsync();
        var file = Write("config", Config("http://cluster.invalid:8001/below", "{}", $"proxy-url: \"{proxy.Address}\""));
        using var api = await ClusterApi.ConnectAsync(ClusterOptions.Default with { Kubeconfig = file }, clock, Token);

        await AskAsync(api);

        var seen = Assert.Single(proxy.Requests);
        Assert.Equal("cluster.invalid:8001", seen.Host);
        Assert.StartsWith("/below/api/v1/namespaces/", seen.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_files_the_first_that_names_something_wins_and_paths_are_relative_to_their_own()
    {
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        var first = Write("first", "contexts: [{name: c, context: {cluster: k, user: u, namespace: n1}}]\nusers: [{name: u, user: {tokenFile: t}}]\n");
        var second = Write(
            "sub/second",
            "current-context: c\ncontexts: [{name: c, context: {cluster: other, user: u}}]\nclusters: [{name: k, cluster: {server: \"https://k\", certificate-authority: ca}}]\nusers: [{name: u, user: {token: x}}]\n");

        var (context, cluster, user) = KubeConfig.Load([first, Path.Combine(folder, "gone"), second]).Resolve(null);

        Assert.Equal("n1", context.Namespace);
        Assert.Equal(Path.Combine(folder, "sub", "ca"), cluster.CertificateAuthority);
        Assert.Equal(Path.Combine(folder, "t"), user.TokenFile);
    }

    [Fact]
    public void A_context_that_is_not_there_is_refused_with_those_that_are()
    {
        var file = Write("config", Config("https://k", "{}"));

        var e = Assert.Throws<UserError>(() => KubeConfig.Load([file]).Resolve("nope"));

        Assert.Contains("nope", e.Message, StringComparison.Ordinal);
        Assert.Contains("here", e.Message + e.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_after_the_request_timeout()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.Answer = c => Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        using var api = await ConnectAsync(server, "{}", options: o => o with { RequestTimeout = TimeSpan.FromMilliseconds(50) }, time: TimeProvider.System);

        var e = await Assert.ThrowsAsync<ClusterException>(() => AskAsync(api));

        Assert.Contains("gave no answer in time", e.Message, StringComparison.Ordinal);
        Assert.Contains("--request-timeout", e.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_the_verb_the_resource_and_the_missing_rule()
    {
        await using var server = await FakeApiServer.StartAsync();
        server.Answer = c => RefuseAsync(c, 403, "jobs.batch is forbidden: User \\\"ann\\\" cannot create resource");
        using var api = await ConnectAsync(server, "{}");

        var e = await Assert.ThrowsAsync<ClusterException>(() => api.CreateAsync(ApiResource.Jobs, "ns", "{}", dryRun: false, Token));

        Assert.Contains("you may not create jobs.batch in namespace ns", e.Message, StringComparison.Ordinal);
        Assert.Contains("{apiGroups: [\"batch\"], resources: [\"jobs\"], verbs: [\"create\"]}", e.Fix, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_deletion_that_is_only_tried_says_so_in_its_body_where_the_API_reads_it()
    {
        await using var server = await FakeApiServer.StartAsync();
        var body = "";
        server.Answer = async c =>
        {
            using var reader = new StreamReader(c.Request.Body);
            body = await reader.ReadToEndAsync(Token);
            await RefuseAsync(c, 200);
        };
        using var api = await ConnectAsync(server, "{}");

        await api.DeleteAsync(ApiResource.Jobs, "ns", "x", "uid-1", dryRun: true, Token);

        Assert.Contains("\"dryRun\":[\"All\"]", body, StringComparison.Ordinal);
        Assert.Contains("\"uid\":\"uid-1\"", body, StringComparison.Ordinal);
    }

    private static Task RefuseAsync(HttpContext context, int code, string message = "no")
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(code == 200
            ? "{\"metadata\":{\"name\":\"x\"}}"
            : $"{{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"{(code == 403 ? "Forbidden" : "Unauthorized")}\",\"message\":\"{message}\",\"code\":{code}}}");
    }

    private static Task<ConfigMapView> AskAsync(ClusterApi api) =>
        api.GetAsync(ApiResource.ConfigMaps, "ns", "x", ClusterJson.Default.ConfigMapView, Token);

    private async Task<FakeApiServer.Seen> AskAsync(FakeApiServer server, string user, string cluster = "")
    {
        using var api = await ConnectAsync(server, user, cluster, time: TimeProvider.System);
        await AskAsync(api);
        return server.Requests.Last();
    }

    private Task<ClusterApi> ConnectAsync(
        FakeApiServer server, string user, string cluster = "", Func<ClusterOptions, ClusterOptions>? options = null, TimeProvider? time = null)
    {
        var given = ClusterOptions.Default with { Kubeconfig = Write("config", Config(server.Address, user, cluster)) };
        return ClusterApi.ConnectAsync(options?.Invoke(given) ?? given, time ?? clock, Token);
    }

    private static string Config(string server, string user, string cluster = "") =>
        $$$"""
        current-context: here
        contexts: [{name: here, context: {cluster: k, user: u, namespace: ns}}]
        clusters: [{name: k, cluster: {server: "{{{server}}}"{{{(cluster.Length == 0 ? "" : ", " + cluster)}}}}}]
        users: [{name: u, user: {{{user}}}}]
        """;

    private static string Exec(string more) =>
        $"{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never{(more.Length == 0 ? "" : ", " + more)}}}}}";

    private void Plugin(string before, string token, string? expires = null)
    {
        var path = Path.Combine(folder, "plugin");
        File.WriteAllText(
            path,
            $$$"""
            #!/bin/sh
            cd "$(dirname "$0")"
            {{{before}}}
            token={{{token}}}
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{{{{(expires is null ? "" : $"\"expirationTimestamp\":\"{expires}\",")}}}"token":"'$token'"}}'

            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
