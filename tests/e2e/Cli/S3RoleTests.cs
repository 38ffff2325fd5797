using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.S3Admin.Roles;

namespace KubectlMlopsBackup.EndToEndTests.Cli;

/// <summary><c>s3 policy --create</c> against a real IAM, as far as a store has one: signatures are checked, documents are read, roles are kept.</summary>
public sealed class S3RoleTests : IDisposable
{
    private static readonly string[] Irsa = ["--irsa", "--oidc-issuer", "https://oidc.example.com/id/abc", "--account", "123456789012", "--namespace", "mlops"];

    private const string Anybody = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["sts:AssumeRole"]}]}""";

    private readonly string root = Directory.CreateTempSubdirectory("mlopsbackup-roles-").FullName;
    private readonly Dictionary<string, string> environment = new() { ["AWS_EC2_METADATA_DISABLED"] = "true" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Roles_are_made_once_follow_the_plan_and_what_others_made_stays()
    {
        var s3 = S3Server.Require();
        var name = $"roles-{Guid.NewGuid():n}"[..20];
        Write(s3, name, "one");
        UseKeys(s3.AccessKey, s3.SecretKey);
        using var iam = new IamClient(s3.Endpoint, "us-east-1", new BasicAWSCredentials(s3.AccessKey, s3.SecretKey), TimeSpan.FromSeconds(1));
        try
        {
            Assert.Equal("differs", State(await ReportAsync("--dry-run")));
            Assert.Null(await FindAsync(iam, "GetRole", name));

            var made = await ReportAsync();
            Assert.Equal("created", State(made));
            Assert.EndsWith($"role/mlopsbackup-{name}-backup", made[0].GetProperty("arn").GetString(), StringComparison.Ordinal);
            Assert.Equal(
                "arn:aws:iam::123456789012:oidc-provider/oidc.example.com/id/abc",
                (string?)JsonNode.Parse((await FindAsync(iam, "GetRole", name))!.Descendants().First(e => e.Name.LocalName == "AssumeRolePolicyDocument").Value)!["Statement"]![0]!["Principal"]!["Federated"]);
            Assert.Equal("ok", State(await ReportAsync()));

            Write(s3, name, "two");
            var differs = await ReportAsync("--dry-run");
            Assert.Equal(("differs", "policy"), (State(differs), differs[0].GetProperty("changes")[0].GetString()));
            Assert.Equal("changed", State(await ReportAsync()));
            Assert.Contains("arn:aws:s3:::backups/two/*", (await FindAsync(iam, "GetRolePolicy", name))!.ToString(), StringComparison.Ordinal);
            Assert.Equal("ok", State(await ReportAsync("--dry-run")));

            await DeleteAsync(iam, name);
            await iam.CallAsync("CreateRole", Token, ("RoleName", $"mlopsbackup-{name}-backup"), ("AssumeRolePolicyDocument", Anybody));
            (await CreateAsync()).Expect(ExitCode.Failed).SaysWithFix("that this program has not made", "aws iam tag-role");
            Assert.Null(await FindAsync(iam, "GetRolePolicy", name));

            UseKeys(s3.OtherAccessKey, s3.OtherSecretKey);
            (await CreateAsync()).Expect(ExitCode.Failed).SaysWithFix("AccessDenied", "allow iam:GetRole");
        }
        finally
        {
            await DeleteAsync(iam, name);
        }
    }

    [Fact]
    public async Task What_does_not_go_together_is_said()
    {
        Write("roles", "{name: s3, s3: {bucket: backups, region: eu-central-1}}");

        (await RunAsync(["s3", "policy", "backup", "--create"])).Expect(ExitCode.Usage).SaysWithFix("nobody may act as them yet", "--irsa or --pod-identity");
        (await RunAsync(["s3", "policy", "backup", "--dry-run"])).Expect(ExitCode.Usage).SaysWithFix("--dry-run is for --create");
        (await RunAsync(["s3", "policy", "backup", "--create", "--print", "aws-cli", .. Irsa])).Expect(ExitCode.Usage).SaysWithFix("two ways to the same");
        (await RunAsync(["s3", "policy", "setup", "--create", .. Irsa])).Expect(ExitCode.Usage).SaysWithFix("are a person's");
    }

    private void Write(S3Server s3, string name, string prefix) => Write(name, $"{{name: s3, s3: {{bucket: backups, prefix: {prefix}, endpoint: \"{s3.Endpoint}\"}}}}");

    private void Write(string name, string repository) => File.WriteAllText(
        Path.Combine(root, "plan.yaml"), new PlanText { Name = name, Artifacts = $"{{path: {root}}}", Repositories = [repository] }.ToString());

    private void UseKeys(string id, string secret) => (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]) = (id, secret);

    private Task<CliResult> RunAsync(string[] arguments) => CommandLine.RunAsync([.. arguments, "--local", "--plan", Path.Combine(root, "plan.yaml")], environment, root);

    private Task<CliResult> CreateAsync(params string[] more) => RunAsync(["s3", "policy", "backup", "--create", "-o", "json", .. Irsa, .. more]);

    private async Task<JsonElement> ReportAsync(params string[] more) => (await CreateAsync(more)).Expect(ExitCode.Done).Json;

    private static async Task DeleteAsync(IamClient iam, string name)
    {
        await iam.CallAsync("DeleteRolePolicy", CancellationToken.None, ("RoleName", $"mlopsbackup-{name}-backup"), ("PolicyName", RoleMaker.PolicyName));
        await iam.CallAsync("DeleteRole", CancellationToken.None, ("RoleName", $"mlopsbackup-{name}-backup"));
    }

    private static string State(JsonElement reports) => Assert.Single(reports.EnumerateArray()).GetProperty("state").GetString()!;

    private static Task<System.Xml.Linq.XDocument?> FindAsync(IamClient iam, string action, string name) => iam.CallAsync(
        action, Token, ("RoleName", $"mlopsbackup-{name}-backup"), ("PolicyName", RoleMaker.PolicyName));
}
