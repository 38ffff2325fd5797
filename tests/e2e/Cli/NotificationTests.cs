using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

public sealed class NotificationTests
{
    [Fact]
    public async Task Who_is_told_is_told_and_nothing_depends_on_it()
    {
        using var web = new HttpStandIn();
        using var tree = new SlowTree(files: 1, seed: 17);
        web.Answers["/slack"] = (200, "ok");
        tree.Plan = tree.Plan with
        {
            More = $$"""
              notifications:
                - {name: on-call, kind: slack, urlFile: {{Address(tree, "slack", $"{web.Address}/slack")}} }
                - {name: broken, kind: webhook, when: always, urlFile: {{Address(tree, "broken", $"{web.Address}/no-such-place-S3CR3T")}} }
            """,
        };

        // No repository yet: it fails, and says so.
        (await tree.RunAsync("backup")).Expect(ExitCode.NoRepository);
        var said = Assert.Single(web.Requests, r => r.Path == "/slack");
        using (var body = JsonDocument.Parse(said.Body))
        {
            var text = body.RootElement.GetProperty("text").GetString()!;
            Assert.StartsWith(":x: *platform*: backup: *no repository*", text, StringComparison.Ordinal);
            Assert.Contains("there is no repository at", text, StringComparison.Ordinal);
            Assert.Contains("fix: ", text, StringComparison.Ordinal);
        }

        await tree.DoneAsync("init", "--repositories");
        var done = await tree.DoneAsync("backup");
        Assert.Single(web.Requests, r => r.Path == "/slack");
        Assert.Contains("warning: notification broken could not be sent: the server answered 404", done.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CR3T", done.Error + done.Output, StringComparison.Ordinal);
        using var webhook = JsonDocument.Parse(web.Requests.Last().Body);
        Assert.Equal(("done", 0), (webhook.RootElement.GetProperty("outcome").GetString(), webhook.RootElement.GetProperty("exitCode").GetInt32()));

        // What failed is one component, not the whole run: why, is said all the same.
        Directory.Delete(tree.Artifacts, recursive: true);
        Directory.CreateDirectory(tree.Artifacts);
        (await tree.RunAsync("backup")).Expect(ExitCode.Failed);
        Assert.Contains("has no files, and had 2 on", web.Requests.Last(r => r.Path == "/slack").Body, StringComparison.Ordinal);
    }

    private static string Address(SlowTree tree, string name, string address)
    {
        var path = Path.Combine(tree.Root, name);
        File.WriteAllText(path, address);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
