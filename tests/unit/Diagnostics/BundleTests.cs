using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Diagnostics.Bundle;
using KubectlMlopsBackup.UnitTests.InCluster.Status;
using static KubectlMlopsBackup.UnitTests.Diagnostics.DoctorWorld;

namespace KubectlMlopsBackup.UnitTests.Diagnostics;

/// <summary>Secrets of many kinds are planted wherever they may stand; none is in the bundle.</summary>
public sealed class BundleTests
{
    private const string Pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq8planted\nQ0FmQUJDREVGR0hJSktMTU5P\n-----END RSA PRIVATE KEY-----";
    private const string Jwt = "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQifQ.c2lnbmF0dXJlLXBsYW50ZWQ";

    /// <summary>How it stands in a text, and the part that must be gone.</summary>
    public static TheoryData<string, string> Texts => new()
    {
        { "using key AKIAIOSFODNN7EXAMPLE for s3", "AKIAIOSFODNN7EXAMPLE" },
        { "temporary ASIAY34FZKBOKMUTVV7A", "ASIAY34FZKBOKMUTVV7A" },
        { "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/K7MDENG" },
        { "AWS_SESSION_TOKEN=FwoGZXIvYXdzEPlanted//////////wEaD", "FwoGZXIvYXdzEPlanted" },
        { "postgresql://mlflow:hunter2-planted@postgres:5432/mlflow", "hunter2-planted" },
        { "mysql+pymysql://u:p%40ss-planted@db/x?ssl=1", "p%40ss-planted" },
        { "Authorization: Bearer abcdef0123456789planted", "abcdef0123456789planted" },
        { "curl -H 'authorization: basic bWxmbG93OnBsYW50ZWQ='", "bWxmbG93OnBsYW50ZWQ" },
        { $"token is {Jwt}", "c2lnbmF0dXJlLXBsYW50ZWQ" },
        { Pem, "Q0FmQUJDREVGR0hJSktMTU5P" },
        { Pem.Replace("\n", "\\n", StringComparison.Ordinal), "MIIEpAIBAAKCAQEA7bq8planted" },
        { Pem[..90], "MIIEpAIBAAKCAQEA7bq8planted" },
        { "passphrase: correct-horse-planted", "correct-horse-planted" },
        { "PASSPHRASE='correct horse planted'", "correct horse planted" },
        { "    token: kubeconfig-token-planted", "kubeconfig-token-planted" },
        { "    client-key-data: LS0tLS1CRUdJTiBQTEFOVEVE", "LS0tLS1CRUdJTiBQTEFOVEVE" },
        { "posting to https://hooks.slack.com/services/T000/B000/plantedXXXX", "plantedXXXX" },
        { "xoxb-123456789012-planted", "xoxb-123456789012" },
        { "git clone with ghp_0123456789abcdefghijplanted", "ghp_0123456789" },
        { "glpat-0123456789planted_", "glpat-0123456789" },
        { "{\"password\":\"json-planted\",\"user\":\"mlflow\"}", "json-planted" },
        { "{\\\"password\\\":\\\"escaped-planted\\\"}", "escaped-planted" },
        { "psql --password=flag-planted -h db", "flag-planted" },
        { "tool --api-key key-planted", "key-planted" },
        { "https://b.s3.amazonaws.com/k?X-Amz-Signature=0123abcdplanted&X-Amz-Expires=60", "0123abcdplanted" },
        { "Set-Cookie: session-planted-0123", "session-planted-0123" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_secret_is_taken_out_of_a_text(string text, string secret)
    {
        Assert.Contains(secret, text, StringComparison.Ordinal);

        var plain = new Redactor([]).Text($"before {text}\nafter");

        Assert.DoesNotContain(secret, plain, StringComparison.Ordinal);
        Assert.Contains(Redactor.Mark, plain, StringComparison.Ordinal);
        Assert.EndsWith("after", plain, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the pod postgres-backup-29399640 failed: exit code 12 at 2026-11-24T10:00:00Z")]
    [InlineData("passwordSecret: {name: postgres, key: postgres-key}")]
    [InlineData("sha256:3f2a0c11d7e94d7c8a8e0d7cbb8f2a4f1f0b5d1cf6a5b9d2c3e4f5a6b7c8d9e0")]
    [InlineData("s3://backups/mlops/prod at https://s3.eu-central-1.amazonaws.com")]
    public void What_is_no_secret_stays(string text) => Assert.Equal(text, new Redactor(["hunter2"]).Text(text));

    [Fact]
    public void Known_values_are_taken_out_whatever_they_look_like()
    {
        var text = new Redactor(["Tr0ub4dor", "first line\nsecond-line-of-it", "abc"]).Text("x Tr0ub4dor y second-line-of-it z abc");

        Assert.Equal("x [redacted] y [redacted] z abc", text);
    }

    [Fact]
    public async Task No_planted_secret_is_in_a_bundle_wherever_it_stood()
    {
        await using var world = await CreateAsync();
        Plant(world);
        var file = Path.Combine(Directory.CreateTempSubdirectory("mlopsbackup-bundle-").FullName, "ticket.tar.gz");

        var count = await world.BundleAsync(file);

        var files = await ReadAsync(file);
        Assert.Equal(count, files.Count);
        Assert.Contains("mlopsbackup/report.json", files.Keys);
        Assert.Contains("mlopsbackup/objects/secrets.json", files.Keys);
        Assert.Contains("mlopsbackup/objects/cronjobs.batch.json", files.Keys);
        Assert.Contains(files.Keys, k => k.StartsWith("mlopsbackup/logs/", StringComparison.Ordinal));
        foreach (var (name, text) in files)
        {
            foreach (var secret in Planted)
            {
                Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{secret} is in {name}");
            }
        }

        // What a ticket is about is there.
        Assert.Contains("\"name\": \"postgres\"", files["mlopsbackup/objects/secrets.json"], StringComparison.Ordinal);
        Assert.Contains("\"password\": \"[redacted], 12 bytes\"", files["mlopsbackup/objects/secrets.json"], StringComparison.Ordinal);
        Assert.Contains("\"secretName\": \"model-keys\"", files["mlopsbackup/objects/deployments.apps.json"], StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_written_over()
    {
        await using var world = await CreateAsync();
        var file = Path.GetTempFileName();

        var error = await Assert.ThrowsAsync<UserError>(() => world.BundleAsync(file));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Equal(0, new FileInfo(file).Length);
        File.Delete(file);
    }

    private static readonly string[] Planted =
    [
        "secret-value", "c2VjcmV0LXZhbHVl", "env-planted-1", "env-planted-2", "arg-planted-1", "arg-planted-2", "anno-planted", "log-planted", "event-planted", "uri-planted", "AKIAIOSFODNN7EXAMPLE",
        "term-planted", Jwt, "MIIEpAIBAAKCAQEA7bq8planted", "plantedXXXX", "secret-token",
    ];

    private static void Plant(DoctorWorld world)
    {
        var workload = world.Object(Group("apps", "deployments", "mlflow-server"));
        workload["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = "{\"x\":\"anno-planted\"}", ["note"] = "password=anno-planted" };
        var pod = workload["spec"]!["template"]!["spec"]!;
        pod["containers"]![0]!["env"] = JsonNode.Parse("""
            [{"name":"DB_PASSWORD","value":"env-planted-1"},{"name":"MLFLOW_BACKEND_STORE_URI","value":"postgresql://mlflow:uri-planted@postgres/mlflow"},
             {"name":"SLACK","value":"https://hooks.slack.com/services/T0/B0/plantedXXXX"},{"name":"MY_API_KEY","value":"env-planted-2"}]
            """);
        pod["containers"]![0]!["args"] = JsonNode.Parse("""["server","--admin-password","arg-planted-1","--token=arg-planted-2","--aws","AKIAIOSFODNN7EXAMPLE"]""");
        pod["volumes"]!.AsArray().Add(JsonNode.Parse("""{"name":"keys","secret":{"secretName":"model-keys"}}"""));
        world.Put(Core("events", "e1"), $$"""{"metadata":{"name":"e1"},"type":"Warning","reason":"Failed","message":"Authorization: Bearer event-planted-0123 and {{Jwt}}"}""");
        world.Runs.End("postgres-backup", StatusWorld.At(24, 10, 0), ExitCode.Failed, """{"error":"password=term-planted is wrong for secret-value","exitCode":1}""");
        world.Log = $"2026-11-24T10:00:00Z passphrase: log-planted and secret-value\n2026-11-24T10:00:01Z {Pem.Replace("\n", "\\n", StringComparison.Ordinal)}\n";
    }

    private static async Task<Dictionary<string, string>> ReadAsync(string path)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var tar = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (await tar.GetNextEntryAsync(copyData: true, Token) is { } entry)
        {
            files.Add(entry.Name, await new StreamReader(entry.DataStream!).ReadToEndAsync(Token));
        }

        return files;
    }
}
