using System.Text.Json;

namespace KubectlMlopsBackup.EndToEndTests.Cluster.Rights;

/// <summary>The audit log of the cluster's API server, from here on: the file of MLOPSBACKUP_E2E_AUDIT_LOG, at level Metadata or above.</summary>
internal sealed class AuditLog
{
    private const string Variable = "MLOPSBACKUP_E2E_AUDIT_LOG";

    private readonly string path;
    private readonly long from;

    private AuditLog(string path)
    {
        this.path = path;
        from = new FileInfo(path).Length;
    }

    /// <summary>Skips the test where there is none.</summary>
    public static AuditLog Open()
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path))
        {
            Assert.Skip($"{Variable} is not set: name the file that the API server writes its audit log to (tests/servers/cluster)");
        }

        Assert.True(File.Exists(path), $"{Variable} names {path}, which does not exist");
        return new AuditLog(path!);
    }

    /// <summary>All requests for objects since this was opened, of these users.</summary>
    public async Task<IReadOnlyList<AuditedCall>> CallsAsync(Func<string, bool> user)
    {
        var calls = new List<AuditedCall>();
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(from, SeekOrigin.Begin);
        using var lines = new StreamReader(file);
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            // The server may be writing the last one.
            if (line.EndsWith('}') && Read(line) is { } call && user(call.User))
            {
                calls.Add(call);
            }
        }

        return calls;
    }

    private static AuditedCall? Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        // What is no object (/version, /apis) needs no Role.
        if (!root.TryGetProperty("objectRef", out var on) || !on.TryGetProperty("resource", out var resource) || !root.TryGetProperty("responseStatus", out var status))
        {
            return null;
        }

        var asked = root.TryGetProperty("impersonatedUser", out var other) ? other : root.GetProperty("user");
        var part = Text(on, "subresource");
        return new AuditedCall(
            Text(asked, "username"),
            new ApiRight(Text(on, "apiGroup"), resource.GetString() + (part.Length == 0 ? "" : $"/{part}"), root.GetProperty("verb").GetString()!),
            Text(on, "namespace"),
            Text(on, "name"),
            status.GetProperty("code").GetInt32());
    }

    private static string Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var text) ? text.GetString()! : "";
}
