using System.Text.Json;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

[Collection(CliTests.Name)]
public sealed class KeyTests(PlatformServer server)
{
    [Fact]
    public async Task A_passphrase_is_rotated_and_the_old_one_opens_nothing_any_more()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var old = Assert.Single(await KeysAsync(platform));
        var replacement = platform.Secret("new-passphrase", "another-one-altogether");
        var added = await platform.DoneAsync("key", "add", "--new-passphrase-file", replacement, "--label", "the night shift");
        var keys = await KeysAsync(platform);
        Assert.Equal(2, keys.Length);
        Assert.Equal("the night shift", keys[1].GetProperty("label").GetString());
        Assert.Contains(Id(keys[1])[..8], added.Output, StringComparison.Ordinal);

        var packs = FolderListing.Of(Path.Combine(platform.Repository, "packs"));
        var before = platform.Plan!;
        platform.Plan = before with { Encryption = $"{{passphraseFile: {replacement}}}" };
        await platform.DoneAsync("key", "remove", Id(old)[..8]);
        Assert.Equal(Id(keys[1]), Id(Assert.Single(await KeysAsync(platform))));
        await platform.DoneAsync("verify", "data");
        await platform.DoneAsync("backup", "artifacts");

        platform.Plan = before;
        (await platform.RunAsync("list")).Expect(ExitCode.WrongKey).SaysWithFix(platform.Repository, "spec.encryption");
        // Nothing was written anew; a folder's time changes with what the backup added.
        var files = packs.Split('\n').Where(l => !l.Contains("/ ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.Subset(FolderListing.Of(Path.Combine(platform.Repository, "packs")).Split('\n').ToHashSet(), files.ToHashSet());
    }

    [Fact]
    public async Task A_plan_that_names_a_new_passphrase_already_lets_it_in_with_the_older_one()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        var older = platform.PassphraseFile;
        platform.Plan = platform.Plan! with { Encryption = $"{{passphraseFile: {platform.Secret("new-passphrase", "another-one-altogether")}}}" };
        (await platform.RunAsync("list")).Expect(ExitCode.WrongKey);
        (await platform.RunAsync("key", "add", "--old-passphrase-file", platform.Secret("neither", "not-this-one"))).Expect(ExitCode.WrongKey);

        Assert.Equal("added", Result(await platform.DoneAsync("key", "add", "--old-passphrase-file", older, "-o", "json")));
        Assert.Equal("there already", Result(await platform.DoneAsync("key", "add", "--old-passphrase-file", older, "-o", "json")));
        Assert.Equal(2, (await KeysAsync(platform)).Length);
        await platform.DoneAsync("verify", "data");
        (await platform.RunAsync("key", "add")).Expect(ExitCode.Usage).SaysWithFix("got none", "--old-passphrase-file");
        (await platform.RunAsync("key", "add", "--old-passphrase-secret", "a/b")).Expect(ExitCode.Usage).SaysWithFix("--old-passphrase-file");

        static string? Result(CliResult result) => result.Json[0].GetProperty("change").GetString();
    }

    [Fact]
    public async Task The_key_in_use_and_the_last_one_are_not_removed()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        var own = Id(Assert.Single(await KeysAsync(platform)));
        (await platform.RunAsync("key", "remove", own)).Expect(ExitCode.Usage).SaysWithFix(own[..8]);

        platform.Environment["NEW_PASSPHRASE"] = "another-one-altogether";
        await platform.DoneAsync("key", "add", "--new-passphrase-env", "NEW_PASSPHRASE");
        (await platform.RunAsync("key", "remove", own)).Expect(ExitCode.Usage).SaysWithFix(own[..8]);
        (await platform.RunAsync("key", "remove", "ffffffff")).Expect(ExitCode.Usage).SaysWithFix("ffffffff");
        Assert.Equal(2, (await KeysAsync(platform)).Length);
    }

    [Fact]
    public async Task A_recovery_sheet_opens_the_repository_when_the_passphrase_is_lost()
    {
        await using var platform = await Platform.BackedUpAsync(server);
        Assert.True(await IsMissedAsync(platform));
        var sheet = Path.Combine(platform.Root, "sheet.txt");
        var made = await platform.DoneAsync("key", "escrow", "--to", sheet);
        made.Says("Not confirmed yet");
        var text = await File.ReadAllTextAsync(sheet, TestContext.Current.CancellationToken);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(sheet));
        var passphrase = System.Text.RegularExpressions.Regex.Match(text, "([0-9A-Z]{4}-){7}[0-9A-Z]{4}").Value;
        Assert.NotEqual("", passphrase);
        Assert.DoesNotContain(passphrase, made.Output + made.Error, StringComparison.Ordinal);
        Assert.All(await KeysAsync(platform), k => Assert.True(k.GetProperty("label").GetString() == "first" || text.Contains(Id(k), StringComparison.Ordinal)));
        (await platform.RunAsync("key", "escrow", "--to", sheet)).Expect(ExitCode.Usage).SaysWithFix(sheet);
        Assert.Equal(2, (await KeysAsync(platform)).Length);

        (await ConfirmAsync(platform, "AAAA-AAAA")).Expect(ExitCode.WrongKey).SaysWithFix("key escrow");
        Assert.True(await IsMissedAsync(platform));
        (await ConfirmAsync(platform, passphrase.ToLowerInvariant().Replace('-', ' '))).Expect(ExitCode.Done);
        Assert.False(await IsMissedAsync(platform));

        // The page in html has the same, and another key.
        await platform.DoneAsync("key", "escrow", "--to", Path.Combine(platform.Root, "sheet.html"));
        Assert.DoesNotContain(passphrase, await File.ReadAllTextAsync(Path.Combine(platform.Root, "sheet.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        platform.Plan = platform.Plan! with { Encryption = $"{{passphraseFile: {platform.Secret("from-the-sheet", passphrase)}}}" };
        await platform.DoneAsync("verify", "data");
        await platform.DoneAsync("restore", "artifacts", "--to", Path.Combine(platform.Root, "restored"));
    }

    [Fact]
    public async Task Where_a_sheet_is_to_go_must_be_said()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        (await platform.RunAsync("key", "escrow")).Expect(ExitCode.Usage).SaysWithFix("--to FILE");
        (await platform.RunAsync("key", "escrow", "--confirm", "--show")).Expect(ExitCode.Usage).SaysWithFix("--confirm");
        Assert.Matches("([0-9A-Z]{4}-){7}[0-9A-Z]{4}", (await platform.DoneAsync("key", "escrow", "--show")).Output);
    }

    private static Task<CliResult> ConfirmAsync(Platform platform, string typed) => CommandLine.RunAsync(
        ["key", "escrow", "--confirm", "--local", "--plan", platform.PlanFile], platform.Environment, platform.Root, typed + "\n");

    private static async Task<bool> IsMissedAsync(Platform platform) =>
        (await platform.RunAsync("doctor", "-o", "json")).Json.GetProperty("findings").EnumerateArray()
        .Any(f => f.TryGetProperty("fault", out var fault) && fault.GetString() == "key-not-escrowed");

    [Fact]
    public async Task A_new_passphrase_must_be_given_once_and_must_be_there()
    {
        await using var platform = await Platform.CreateAsync(server);
        await platform.InitAsync();
        var before = FolderListing.Of(platform.Repository);

        (await platform.RunAsync("key", "add")).Expect(ExitCode.Usage).Says("--new-passphrase-file", "--new-passphrase-env");
        (await platform.RunAsync("key", "add", "--new-passphrase-env", "NOT_THERE")).Expect(ExitCode.Usage).SaysWithFix("NOT_THERE");
        (await platform.RunAsync("key", "add", "--new-passphrase-file", "/not/there")).Expect(ExitCode.Usage).Says("/not/there");

        Assert.Equal(before, FolderListing.Of(platform.Repository));
    }

    [Fact]
    public async Task An_unencrypted_repository_has_no_keys_to_change()
    {
        await using var platform = await Platform.CreateAsync(server);
        platform.Plan = platform.Plan! with { Encryption = "{none: true}" };
        await platform.InitAsync();
        var passphrase = platform.Secret("new-passphrase", "another-one-altogether");
        (await platform.RunAsync("key", "add", "--new-passphrase-file", passphrase)).Expect(ExitCode.Usage).SaysWithFix("local", "not encrypted");
    }

    private static async Task<JsonElement[]> KeysAsync(Platform platform) =>
        [.. (await platform.JsonAsync("key", "list")).EnumerateArray()];

    private static string Id(JsonElement key) => key.GetProperty("id").GetString()!;
}
