using System.Text;
using System.Web;
using Amazon.Runtime;
using KubectlMlopsBackup.S3Admin.Policies;
using KubectlMlopsBackup.S3Admin.Roles;
using KubectlMlopsBackup.UnitTests.Cluster;

namespace KubectlMlopsBackup.UnitTests.S3Admin;

/// <summary>
/// Requests to IAM, against a stand-in that answers in the shape of AWS' documentation: it checks no signature and no policy. What a real IAM says
/// (Ceph's) is tested against one.
/// </summary>
public sealed class RoleMakerTests : IAsyncLifetime
{
    private const string Arn = "arn:aws:iam::123456789012:role/mlopsbackup-mlops-backup";

    private static readonly GrantedRole Role = new(
        "backup", "mlopsbackup-mlops-backup", ["backup-sa"], "mlops",
        PolicyDocument.Of([new PolicyStatement("Read", ["s3:GetObject"], ["arn:aws:s3:::backups/it's + ${*}*"])]),
        TrustPolicy.OfPodIdentity("mlops", ["backup-sa"], []));

    private readonly List<(string Action, Dictionary<string, string> Parameters)> calls = [];
    private readonly Dictionary<string, (int Status, string Body)> answers = new(StringComparer.Ordinal);
    private FakeApiServer server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await FakeApiServer.StartAsync();
        server.Answer = async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var form = HttpUtility.ParseQueryString(await reader.ReadToEndAsync(context.RequestAborted));
            var parameters = form.AllKeys.ToDictionary(k => k!, k => form[k]!);
            calls.Add((parameters["Action"], parameters));
            var (status, body) = answers.GetValueOrDefault(parameters["Action"], (200, "<Ok/>"));
            context.Response.StatusCode = status;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), context.RequestAborted);
        };
        Missing("GetRole");
        answers["CreateRole"] = (200, $"<CreateRoleResponse xmlns='https://iam.amazonaws.com/doc/2010-05-08/'><CreateRoleResult><Role><Arn>{Arn}</Arn></Role></CreateRoleResult></CreateRoleResponse>");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_role_that_is_not_there_is_made_with_its_tags_and_its_policy()
    {
        var report = await EnsureAsync();

        Assert.Equal((RoleState.Created, Arn), (report.State, report.Arn));
        Assert.Equal(["GetRole", "CreateRole", "PutRolePolicy"], calls.Select(c => c.Action));
        var made = calls[1].Parameters;
        Assert.Equal("2010-05-08", made["Version"]);
        Assert.Equal(Role.Name, made["RoleName"]);
        Assert.Equal(
            ("managed-by", "kubectl-mlopsbackup", "mlopsbackup-plan", "mlops"),
            (made["Tags.member.1.Key"], made["Tags.member.1.Value"], made["Tags.member.2.Key"], made["Tags.member.2.Value"]));
        Assert.Contains("pods.eks.amazonaws.com", made["AssumeRolePolicyDocument"], StringComparison.Ordinal);
        Assert.Contains("\"arn:aws:s3:::backups/it's + ${*}*\"", calls[2].Parameters["PolicyDocument"], StringComparison.Ordinal);
        Assert.All(server.Requests, r => Assert.Matches(
            "^AWS4-HMAC-SHA256 Credential=AKIATEST/[0-9]{8}/us-east-1/iam/aws4_request, SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}$", r.Header("Authorization")));
        Assert.All(server.Requests, r => Assert.Equal("a-session", r.Header("X-Amz-Security-Token")));
    }

    [Fact]
    public async Task One_that_is_as_it_should_be_is_left_alone()
    {
        There();

        Assert.Equal(RoleState.Ok, (await EnsureAsync()).State);
        Assert.Equal(["GetRole", "ListRoleTags", "GetRolePolicy"], calls.Select(c => c.Action));
    }

    [Fact]
    public async Task What_differs_is_changed_and_nothing_else()
    {
        There(policy: "{\"Version\":\"2012-10-17\",\"Statement\":[]}");
        Assert.Equal(["policy"], (await EnsureAsync()).Changes);
        Assert.Equal("PutRolePolicy", calls[^1].Action);

        calls.Clear();
        There(trust: "{}");
        var report = await EnsureAsync();
        Assert.Equal((RoleState.Changed, "trust policy"), (report.State, Assert.Single(report.Changes)));
        Assert.DoesNotContain(calls, c => c.Action == "PutRolePolicy");
        Assert.Contains(calls, c => c.Action == "UpdateAssumeRolePolicy");

        calls.Clear();
        There();
        Missing("GetRolePolicy");
        Assert.Equal(["policy"], (await EnsureAsync()).Changes);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        var fresh = await EnsureAsync(dryRun: true);
        There(trust: "not json", policy: "{}");
        var changed = await EnsureAsync(dryRun: true);

        Assert.Equal((RoleState.Differs, null), (fresh.State, fresh.Arn));
        Assert.Equal((RoleState.Differs, Arn), (changed.State, changed.Arn));
        Assert.Equal(["trust policy", "policy"], changed.Changes);
        Assert.All(calls, c => Assert.True(c.Action.StartsWith("Get", StringComparison.Ordinal) || c.Action.StartsWith("List", StringComparison.Ordinal), c.Action));
    }

    [Theory]
    [InlineData("", "has not made")]
    [InlineData("<member><Key>managed-by</Key><Value>terraform</Value></member>", "has not made")]
    [InlineData("<member><Key>managed-by</Key><Value>kubectl-mlopsbackup</Value></member><member><Key>mlopsbackup-plan</Key><Value>other</Value></member>", "belongs to the plan other")]
    public async Task A_role_of_somebody_else_is_refused(string tags, string message)
    {
        There(trust: "{}", tags: tags);

        var error = await Assert.ThrowsAsync<UserError>(() => EnsureAsync());

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Fix);
        Assert.Equal(["GetRole", "ListRoleTags"], calls.Select(c => c.Action));
    }

    [Theory]
    [InlineData(403, "AccessDenied", "allow iam:GetRole")]
    [InlineData(405, "MethodNotAllowed", "use access keys in a Secret")]
    [InlineData(409, "LimitExceeded", "see what IAM says")]
    public async Task A_refusal_says_what_to_do(int status, string code, string fix)
    {
        answers["GetRole"] = (status, $"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>");

        var error = await Assert.ThrowsAsync<UserError>(() => EnsureAsync());

        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(fix, error.Fix, StringComparison.Ordinal);
        Assert.Single(calls);
    }

    [Fact]
    public async Task What_is_no_IAM_is_said_so()
    {
        answers["GetRole"] = (200, "<html>hello");

        Assert.Contains("has no IAM", (await Assert.ThrowsAsync<UserError>(() => EnsureAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Being_asked_too_often_is_borne()
    {
        answers["GetRole"] = (400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>");

        await Assert.ThrowsAsync<UserError>(() => EnsureAsync());

        Assert.Equal(4, calls.Count);
    }

    private void Missing(string action) => answers[action] = (404, "<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>");

    /// <summary>As AWS tells it: documents are encoded as in a URL.</summary>
    private void There(string? trust = null, string? policy = null, string? tags = null)
    {
        answers["GetRole"] = (200, $"<R><Role><Arn>{Arn}</Arn><AssumeRolePolicyDocument>{Uri.EscapeDataString(trust ?? Role.Trust!.ToJsonString())}</AssumeRolePolicyDocument></Role></R>");
        answers["GetRolePolicy"] = (200, $"<R><PolicyDocument>{Uri.EscapeDataString(policy ?? Role.Policy.ToJsonString())}</PolicyDocument></R>");
        answers["ListRoleTags"] = (200, $"<R><Tags>{tags ?? "<member><Key>managed-by</Key><Value>kubectl-mlopsbackup</Value></member><member><Key>mlopsbackup-plan</Key><Value>mlops</Value></member>"}</Tags></R>");
    }

    private async Task<RoleReport> EnsureAsync(bool dryRun = false)
    {
        using var iam = new IamClient(new Uri(server.Address), "us-east-1", new SessionAWSCredentials("AKIATEST", "secret", "a-session"), TimeSpan.Zero);
        return await new RoleMaker(iam, "mlops", dryRun).EnsureAsync(Role, Token);
    }
}
