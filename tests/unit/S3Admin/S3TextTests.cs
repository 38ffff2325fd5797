using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.S3Admin;
using KubectlMlopsBackup.S3Admin.Policies;
using KubectlMlopsBackup.S3Admin.Rendering;
using KubectlMlopsBackup.UnitTests.Configuration;

namespace KubectlMlopsBackup.UnitTests.S3Admin;

/// <summary>Commands, code and policies, word for word. After a change that is meant: MLOPSBACKUP_UPDATE_GOLDEN=1, then read the diff.</summary>
public sealed class S3TextTests
{
    private const string Small = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform, namespace: mlops}
        spec:
          artifacts:
            s3: {bucket: mlflow-artifacts, prefix: prod, region: eu-central-1}
          repositories:
            - name: off-site
              s3: {bucket: mlops-backups, region: eu-central-1}
          encryption: {none: true}
        """;

    private const string Large = """
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {name: mlops-platform, namespace: mlops}
        spec:
          postgres: {host: db, database: mlflow, user: mlflow}
          repositories:
            - name: offsite
              s3:
                bucket: mlops-backups
                prefix: it's/${prod}
                region: eu-central-1
                serverSideEncryption: aws:kms
                kmsKeyId: alias/backup
                setup:
                  objectLock: {mode: compliance, days: 120}
                  replication: {bucket: mlops-elsewhere, storageClass: GLACIER_IR, kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/0000"}
          encryption: {none: true}
          kubernetes: {pruneSchedule: "0 5 * * *"}
        """;

    [Theory]
    [InlineData("setup-small.sh", Small)]
    [InlineData("setup-small.tf", Small)]
    [InlineData("setup-large.sh", Large)]
    [InlineData("setup-large.tf", Large)]
    public void The_set_up_is_as_it_was(string name, string yaml)
    {
        var repository = Plans.Load(yaml).Spec.Repositories[0];
        var wish = BucketWish.Of(repository, LocalPlan.BucketPlace(repository));

        Golden(name, name.EndsWith(".sh", StringComparison.Ordinal) ? SetupText.AwsCli(wish) : SetupText.Terraform(wish));
    }

    [Theory]
    [InlineData("policy-irsa.sh", false)]
    [InlineData("policy-irsa.tf", false)]
    [InlineData("policy-irsa.json", false)]
    [InlineData("policy-irsa-drills.json", false, true)]
    [InlineData("policy-pod-identity.sh", true)]
    [InlineData("policy-pod-identity.tf", true)]
    [InlineData("policy-pod-identity-drills.sh", true, true)]
    [InlineData("policy-pod-identity-drills.tf", true, true)]
    public void The_roles_are_as_they_were(string name, bool podIdentity, bool drills = false)
    {
        var plan = Plans.Load(Small);
        var issuer = new Uri("https://oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF");
        (S3Role Role, string[] Accounts)[] accounts = [(S3Role.Backup, ["backup-sa", "config-sa"]), (S3Role.Restore, ["restore-sa"]), (S3Role.Prune, ["prune-sa"])];
        IReadOnlyList<GuestAccount> Guests(S3Role role) => drills && role == S3Role.Restore ? S3PolicyCommand.Guests(plan.Spec) : [];
        var roles = accounts.Select(r => new GrantedRole(
            r.Role.ToString().ToLowerInvariant(),
            GrantedRole.NameOf("mlops-platform", r.Role),
            r.Accounts,
            "mlops",
            PolicyDocument.Of(RolePolicy.Of(r.Role, plan.Spec, null, writeOnly: false)),
            podIdentity
                ? TrustPolicy.OfPodIdentity("mlops", r.Accounts, Guests(r.Role))
                : TrustPolicy.OfServiceAccount(issuer, "123456789012", "aws", "mlops", r.Accounts, Guests(r.Role)))
        { Guests = Guests(r.Role) }).ToList();

        Golden(name, Path.GetExtension(name) switch
        {
            ".sh" => PolicyText.AwsCli(roles, podIdentity),
            ".tf" => PolicyText.Terraform(roles, podIdentity),
            _ => PolicyText.Json(roles),
        });
    }

    [Theory]
    [InlineData("backup-write-only.json", "Backup", true)]
    [InlineData("prune.json", "Prune", false)]
    [InlineData("verify.json", "Verify", false)]
    public void The_policies_are_as_they_were(string name, string role, bool writeOnly) =>
        Golden(name, Quoted.Json(PolicyDocument.Of(RolePolicy.Of(Enum.Parse<S3Role>(role), Plans.Load(Large).Spec, null, writeOnly))) + "\n");

    [Fact]
    public void Write_only_backups_may_not_delete_and_others_only_with_a_prune_behind_them()
    {
        bool Deletes(string yaml, bool writeOnly) => RolePolicy.Of(S3Role.Backup, Plans.Load(yaml).Spec, null, writeOnly)
            .Any(s => !s.Deny && s.Actions.Contains("s3:DeleteObject"));

        Assert.True(Deletes(Small, writeOnly: false));
        Assert.False(Deletes(Small, writeOnly: true));
        Assert.False(Deletes(Large, writeOnly: false));
    }

    [Theory]
    [InlineData("arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", null, "arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")]
    [InlineData("alias/backups", "eu-west-1", "arn:aws:kms:eu-west-1:*:key/*")]
    public void A_plan_under_a_key_of_kms_needs_it_in_every_role_and_only_backups_make_repositories(string key, string? region, string resource)
    {
        var plan = Plans.Load(Small);
        plan.Spec.Encryption = new EncryptionSpec { Kms = new KmsSpec { KeyId = key, Region = region } };
        foreach (var role in Enum.GetValues<S3Role>())
        {
            var statement = Assert.Single(RolePolicy.Of(role, plan.Spec, null, false), s => s.Sid == "OpenRepositories");
            Assert.Equal(role == S3Role.Backup ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"], statement.Actions);
            Assert.Equal([resource], statement.Resources);
        }
    }

    [Fact]
    public void Nothing_but_restore_may_write_artifacts_and_prune_cannot_read_them()
    {
        var spec = Plans.Load(Small).Spec;
        IEnumerable<string> Actions(S3Role role) => RolePolicy.Of(role, spec, null, false)
            .Where(s => s.Resources.Any(r => r.Contains("mlflow-artifacts", StringComparison.Ordinal))).SelectMany(s => s.Actions).Order(StringComparer.Ordinal);

        Assert.Equal(["s3:GetObject", "s3:ListBucket"], Actions(S3Role.Backup));
        Assert.Equal(["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"], Actions(S3Role.Restore));
        Assert.Empty(Actions(S3Role.Prune));
        Assert.Empty(Actions(S3Role.Verify));
    }

    [Fact]
    public void No_role_may_delete_the_keys_or_what_makes_a_repository()
    {
        foreach (var role in Enum.GetValues<S3Role>())
        {
            var deleted = RolePolicy.Of(role, Plans.Load(Large).Spec, null, false).Where(s => s.Actions.Contains("s3:DeleteObject")).SelectMany(s => s.Resources);
            Assert.DoesNotContain(deleted, r => r.EndsWith("prod}/*", StringComparison.Ordinal) || r.Contains("keys", StringComparison.Ordinal) || r.Contains("repository.json", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:key/0000", "arn:aws:kms:eu-central-1:123456789012:key/0000", null)]
    [InlineData("0000-1111", "arn:aws:kms:eu-central-1:*:key/0000-1111", null)]
    [InlineData("alias/backup", "arn:aws:kms:eu-central-1:*:key/*", "alias/backup")]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:alias/backup", "arn:aws:kms:eu-central-1:*:key/*", "alias/backup")]
    public void A_key_is_named_as_narrowly_as_the_plan_does(string key, string resource, string? alias)
    {
        var plan = Plans.Load(Large);
        plan.Spec.Repositories[0].S3!.KmsKeyId = key;
        var statement = RolePolicy.Of(S3Role.Restore, plan.Spec, null, false).Single(s => s.Actions.Contains("kms:Decrypt"));

        Assert.Equal([resource], statement.Resources);
        Assert.Equal(alias, statement.Conditions.SelectMany(c => c.Values).FirstOrDefault());
    }

    [Theory]
    [InlineData("cn-north-1", "arn:aws-cn:s3:::b")]
    [InlineData("us-gov-west-1", "arn:aws-us-gov:s3:::b")]
    [InlineData("eu-central-1", "arn:aws:s3:::b")]
    public void Regions_have_their_partition(string region, string arn) => Assert.Equal(
        arn, new BucketWish { Repository = "r", Bucket = "b", Prefix = "", Region = region, Setup = new S3SetupSpec() }.BucketArn);

    [Fact]
    public void Every_statement_has_a_name_of_its_own_that_IAM_takes()
    {
        foreach (var role in Enum.GetValues<S3Role>())
        {
            var document = PolicyDocument.Of(RolePolicy.Of(role, Plans.Load(Small).Spec, null, false));
            var names = document["Statement"]!.AsArray().Select(s => (string)s!["Sid"]!).ToList();
            Assert.Equal(names.Distinct(), names);
            Assert.All(names, n => Assert.Matches("^[A-Za-z0-9]+$", n));
            // The least that IAM allows for the policies of a role together.
            Assert.True(document.ToJsonString().Length < 6_144);
        }
    }

    private static void Golden(string name, string text)
    {
        var file = Path.Combine(Path.GetDirectoryName(ThisFile())!, "golden", name);
        if (Environment.GetEnvironmentVariable("MLOPSBACKUP_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        if (name.EndsWith(".json", StringComparison.Ordinal))
        {
            Assert.IsType<JsonObject>(JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = false }));
        }
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
