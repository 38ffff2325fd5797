using System.Text;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.UnitTests.Configuration;

public sealed class PlanLoaderTests
{
    [Fact]
    public void A_minimal_plan_gets_every_default()
    {
        var plan = Plans.Load(Plans.Minimal);

        Assert.Equal("mlops-platform", plan.Metadata.Name);
        Assert.Null(plan.Metadata.Namespace);
        Assert.Equal("Etc/UTC", plan.Spec.TimeZone);
        Assert.Equal(TimeZoneInfo.Utc, plan.Spec.Zone());
        Assert.Equal("localhost", plan.Spec.Postgres!.Host);
        Assert.Equal(5432, plan.Spec.Postgres.Port);
        Assert.Equal("prefer", plan.Spec.Postgres.SslMode);
        Assert.Null(plan.Spec.Postgres.Schedule);
        Assert.Null(plan.Spec.Artifacts);
        Assert.Equal(PlanCompression.Fast, plan.Spec.CompressionLevel());
        Assert.Equal(TimeSpan.FromHours(24), plan.Spec.Recovery.RpoDuration());
        Assert.Equal(TimeSpan.FromHours(4), plan.Spec.Recovery.RtoDuration());
        Assert.Equal(TimeSpan.FromDays(7), Assert.Single(plan.Spec.Repositories).Retention!.KeepWithinDuration());
    }

    [Fact]
    public void Every_field_of_a_full_plan_arrives()
    {
        var spec = Plans.Load(Plans.Full).Spec;

        Assert.Equal("Europe/Berlin", spec.TimeZone);
        Assert.Equal(("127.0.0.1", 5433, "verify-full"), (spec.Postgres!.Host, spec.Postgres.Port, spec.Postgres.SslMode));
        Assert.Equal("0 2 * * *", spec.Postgres.Schedule);
        var source = spec.Artifacts!.S3!;
        Assert.Equal(("mlflow-artifacts", "prod", "eu-central-1"), (source.Bucket, source.Prefix, source.Region));
        Assert.Equal("AWS_SESSION_TOKEN", source.Credentials!.SessionTokenEnv);
        Assert.Equal(["file:///mlruns", "./mlruns"], spec.Artifacts.Uris);
        Assert.Equal(["**/.ipynb_checkpoints/**", "*.tmp"], spec.Artifacts.Exclude);
        var target = spec.Repositories[1].S3!;
        Assert.Equal(("aws:kms", "alias/backup", "STANDARD_IA"), (target.ServerSideEncryption, target.KmsKeyId, target.StorageClass));
        Assert.Equal("backup", target.Credentials!.Profile);
        var retention = spec.Repositories[1].Retention!;
        Assert.Equal((3, 7, 4, 6), (retention.KeepLast, retention.KeepDaily, retention.KeepWeekly, retention.KeepMonthly));
        Assert.Equal(PlanCompression.Better, spec.CompressionLevel());
        Assert.Equal(TimeSpan.FromHours(2), spec.Recovery.RtoDuration());
    }

    [Fact]
    public void Relative_paths_start_at_the_plans_folder()
    {
        var spec = Plans.Load(Plans.Full.With("path: backups", "path: ../backups/")).Spec;

        Assert.Equal("/etc/plan/secrets/pg", spec.Postgres!.PasswordFile);
        Assert.Equal("/etc/plan/ca.pem", spec.Postgres.SslRootCert);
        Assert.Equal("/usr/lib/postgresql/16/bin", spec.Postgres.ClientTools);
        Assert.Equal("/etc/backups", spec.Repositories[0].Path);
        Assert.Equal("/etc/plan/aws/credentials", spec.Repositories[1].S3!.Credentials!.File);
    }

    [Fact]
    public void An_s3_repository_keeps_90_days_and_a_store_off_aws_gets_careful_settings()
    {
        var aws = Plans.Load(Plans.Minimal.With("path: /backups", "s3: {bucket: backups}")).Spec.Repositories[0];
        var other = Plans.Load(Plans.Minimal.With("path: /backups", "s3: {bucket: backups, endpoint: \"https://s3.example.com\"}")).Spec.Repositories[0];

        Assert.Equal("90d", aws.Retention!.KeepWithin);
        Assert.Equal((false, "whenSupported", null), (aws.S3!.ForcePathStyle, aws.S3.Checksums, aws.S3.Region));
        Assert.Equal((true, "whenRequired", "us-east-1"), (other.S3!.ForcePathStyle, other.S3.Checksums, other.S3.Region));
    }

    [Fact]
    public void A_retention_that_is_given_gets_no_default_added()
    {
        var plan = Plans.Load(Plans.Minimal.With("path: /backups", "path: /backups\n      retention: {keepLast: 3}"));

        Assert.Null(plan.Spec.Repositories[0].Retention!.KeepWithin);
    }

    [Fact]
    public void An_empty_field_counts_as_left_out()
    {
        var plan = Plans.Load(Plans.Minimal.With("user: mlflow", "user: mlflow\n    host:\n    sslMode: ~\n    schedule: null\n  recovery:\n  artifacts:"));

        Assert.Equal(("localhost", "prefer", null), (plan.Spec.Postgres!.Host, plan.Spec.Postgres.SslMode, plan.Spec.Postgres.Schedule));
        Assert.Equal("24h", plan.Spec.Recovery.Rpo);
        Assert.Null(plan.Spec.Artifacts);
    }

    [Fact]
    public void An_unknown_field_is_named_with_its_line_and_the_nearest_field()
    {
        var message = Plans.Refused(Plans.Minimal.With("user: mlflow", "usr: mlflow"));

        Assert.Equal("plan plan.yaml: line 7: spec.postgres.usr: unknown field; did you mean \"user\"?", message);
    }

    [Fact]
    public void An_unknown_field_that_is_like_no_other_gets_the_list()
    {
        var message = Plans.Refused(Plans.Minimal.With("user: mlflow", "user: mlflow\n    colour: {deep: [1, {a: b}]}"));

        Assert.Contains("spec.postgres.colour: unknown field; known here: host, port, database, user", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("retentoin", "      retentoin: {keepLast: 1}", "spec.repositories[0].retentoin", "retention")]
    [InlineData("case", "      Path: /x", "spec.repositories[0].Path", "path")]
    [InlineData("snake", "      s_3: {}", "spec.repositories[0].s_3", "s3")]
    public void Misspelt_fields_are_recognised(string what, string line, string path, string nearest)
    {
        Assert.NotNull(what);
        var message = Plans.Refused(Plans.Minimal.With("path: /backups", "path: /backups\n" + line));

        Assert.Contains($"{path}: unknown field; did you mean \"{nearest}\"?", message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_shown_at_once_in_the_order_of_their_lines()
    {
        var message = Plans.Refused(Plans.Minimal
            .With("metadata: {name: mlops-platform}", "metadata: {name: Mlops_Platform}")
            .With("user: mlflow", "user: mlflow\n    port: 0\n    databse: x")
            .With("passphraseFile: /secrets/passphrase", "none: false"));

        Assert.StartsWith("plan plan.yaml has 4 errors:\n  line 3: metadata.name:", message, StringComparison.Ordinal);
        var lines = message.Split('\n');
        Assert.StartsWith("  line 8: spec.postgres.port: got \"0\"; wants", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("  line 9: spec.postgres.databse: unknown field", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("  line 13: spec.encryption:", lines[4], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port: many", "spec.postgres.port: got \"many\"; wants a whole number")]
    [InlineData("port: 99999999999", "spec.postgres.port: got \"99999999999\"; wants a whole number")]
    [InlineData("host: [a]", "spec.postgres.host: got a list; wants a text")]
    [InlineData("host: {a: b}", "spec.postgres.host: got a section of fields; wants a text")]
    public void A_value_of_the_wrong_type_is_named(string line, string expected) =>
        Assert.Contains(expected, Plans.Refused(Plans.Minimal.With("user: mlflow", "user: mlflow\n    " + line)), StringComparison.Ordinal);

    [Theory]
    [InlineData("    - name: local\n      path: /backups", "    {name: local}", "spec.repositories: got a section of fields; wants a list of sections")]
    [InlineData("passphraseFile: /secrets/passphrase", "none: yes", "spec.encryption.none: got \"yes\"; wants true or false")]
    [InlineData("    passphraseFile: /secrets/passphrase", "    hunter2", "spec.encryption: got a single value; wants a section of fields")]
    public void A_section_of_the_wrong_type_is_named(string old, string replacement, string expected) =>
        Assert.Contains(expected, Plans.Refused(Plans.Minimal.With(old, replacement)), StringComparison.Ordinal);

    [Fact]
    public void A_value_where_a_section_belongs_is_not_shown() =>
        Assert.DoesNotContain("hunter2", Plans.Refused(Plans.Minimal.With("    passphraseFile: /secrets/passphrase", "    hunter2")), StringComparison.Ordinal);

    [Fact]
    public void A_field_that_is_set_twice_is_refused() => Assert.Contains(
        "line 8: spec.postgres.user: is set twice (first in line 7)",
        Plans.Refused(Plans.Minimal.With("user: mlflow", "user: mlflow\n    user: other")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("a: &x 1", "anchors and aliases")]
    [InlineData("a: *x", "anchors and aliases")]
    [InlineData("host: !!binary aGk=", "tags")]
    [InlineData("host: \"unfinished", "not valid YAML")]
    [InlineData("\thost: x", "not valid YAML")]
    public void What_a_plan_does_not_need_is_refused_with_its_line(string line, string expected)
    {
        var message = Plans.Refused(Plans.Minimal.With("user: mlflow", "user: mlflow\n    " + line));

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("line ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_bomb_is_refused_at_its_first_anchor()
    {
        var bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (var c = 'b'; c < 'z'; c++)
        {
            bomb.Append($"{c}: &{c} [*{(char)(c - 1)}, *{(char)(c - 1)}, *{(char)(c - 1)}, *{(char)(c - 1)}]\n");
        }

        Assert.Contains("line 1: not valid YAML: anchors and aliases", Plans.Refused(bomb.ToString()), StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Contains("nested deeper", Plans.Refused("spec: " + new string('[', 500_000)), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    public void An_empty_plan_is_refused(string text) => Assert.Contains("is empty", Plans.Refused(text), StringComparison.Ordinal);

    [Fact]
    public void A_second_document_is_refused() => Assert.Contains(
        "more than one YAML document", Plans.Refused(Plans.Minimal + "\n---\n" + Plans.Minimal), StringComparison.Ordinal);

    [Theory]
    [InlineData("just text")]
    [InlineData("[a, b]")]
    [InlineData("null")]
    [InlineData("spec:\n  repositories: [~]\n")]
    public void A_document_of_another_shape_is_refused_not_crashed_on(string text) => Assert.NotEmpty(Plans.Refused(text));

    [Fact]
    public void A_plan_of_more_than_1_MiB_is_refused() =>
        Assert.Contains("larger than 1 MiB", Plans.Refused(Plans.Minimal + "\n#" + new string('x', PlanLoader.LargestPlan)), StringComparison.Ordinal);

    [Fact]
    public async Task A_file_is_read_and_its_folder_is_where_paths_start()
    {
        var folder = Directory.CreateTempSubdirectory("plan-");
        try
        {
            var path = Path.Combine(folder.FullName, "plan.yaml");
            await File.WriteAllTextAsync(path, '\uFEFF' + Plans.Minimal.With("/backups", "backups"), TestContext.Current.CancellationToken);

            var plan = await PlanLoader.LoadAsync(path, TestContext.Current.CancellationToken);

            Assert.Equal(Path.Combine(folder.FullName, "backups"), plan.Spec.Repositories[0].Path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_usage_error()
    {
        var folder = Directory.CreateTempSubdirectory("plan-");
        try
        {
            var binary = Path.Combine(folder.FullName, "binary");
            await File.WriteAllBytesAsync(binary, [0xFF, 0xFE, 0x80], TestContext.Current.CancellationToken);
            var large = Path.Combine(folder.FullName, "large");
            await File.WriteAllBytesAsync(large, new byte[PlanLoader.LargestPlan + 1], TestContext.Current.CancellationToken);
            foreach (var (path, expected) in new[]
            {
                (folder.FullName, "cannot be read"), (binary, "not UTF-8"), (large, "larger than 1 MiB"),
                (Path.Combine(folder.FullName, "missing"), "does not exist"),
            })
            {
                var error = await Assert.ThrowsAsync<UserError>(() => PlanLoader.LoadAsync(path, TestContext.Current.CancellationToken));
                Assert.Equal(ExitCode.Usage, error.Code);
                Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
