using CsCheck;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.UnitTests.Configuration;

public sealed class PlanTemplateTests
{
    private static readonly PlanTemplateOptions Smallest = new()
    {
        Name = "mlops",
        Postgres = new PostgresSpec { Database = "mlflow", User = "mlflow" },
        Repositories = [new RepositorySpec { Name = "local", Path = "/backups" }],
        Encryption = new EncryptionSpec { PassphraseFile = "/secrets/passphrase" },
    };

    [Theory]
    [InlineData(Plans.Minimal)]
    [InlineData(Plans.Full)]
    public void A_rendered_plan_loads_back_as_the_same_plan(string yaml)
    {
        var plan = Plans.Load(yaml);

        var rendered = PlanTemplate.Render(Options(plan));

        Assert.Equal(Dump(plan), Dump(Plans.Load(rendered)));
    }

    [Fact]
    public void A_plan_with_a_key_of_kms_loads_back()
    {
        const string key = "arn:aws:kms:eu-central-1:111122223333:alias/backups";

        var plan = Plans.Load(PlanTemplate.Render(Smallest with { Encryption = new EncryptionSpec { Kms = new KmsSpec { KeyId = key } } }));

        Assert.Equal(key, plan.Spec.Encryption!.Kms!.KeyId);
        Assert.Null(plan.Spec.Encryption.PassphraseFile);
    }

    [Fact]
    public void An_artifacts_only_plan_loads_back()
    {
        var options = Smallest with
        {
            Postgres = null,
            Artifacts = new ArtifactsSpec { Path = "/mlflow/artifacts" },
            Encryption = new EncryptionSpec { None = true },
        };

        var plan = Plans.Load(PlanTemplate.Render(options));

        Assert.Null(plan.Spec.Postgres);
        Assert.Equal("/mlflow/artifacts", plan.Spec.Artifacts!.Path);
        Assert.True(plan.Spec.Encryption!.None);
    }

    [Fact]
    public void Every_field_has_a_comment_above_it_or_beside_a_sibling()
    {
        var lines = PlanTemplate.Render(Options(Plans.Load(Plans.Full))).Split('\n');

        // Sections, and the second of two fields under one comment, are explained where they begin.
        string[] shared = ["apiVersion", "kind", "metadata", "spec", "s3", "keepDaily", "keepWeekly", "keepMonthly", "passwordEnv", "secretAccessKeyEnv", "file", "passphraseEnv", "retention"];
        var bare = Enumerable.Range(1, lines.Length - 1)
            .Where(i => lines[i].Trim() is { Length: > 0 } line && line[0] != '#' && line.Contains(':', StringComparison.Ordinal) && !line.StartsWith("- \"", StringComparison.Ordinal))
            .Where(i => !lines[i - 1].TrimStart().StartsWith('#'))
            .Select(i => lines[i].TrimStart(' ', '-').Split(':')[0])
            .Except(shared)
            .ToList();

        Assert.Empty(bare.Except(["accessKeyIdEnv"]));
    }

    [Fact]
    public void What_a_lost_passphrase_means_is_said() =>
        Assert.Contains("A LOST PASSPHRASE IS A LOST BACKUP", PlanTemplate.Render(Smallest), StringComparison.Ordinal);

    [Fact]
    public void A_commented_field_becomes_a_field_when_its_mark_is_taken_away()
    {
        var rendered = PlanTemplate.Render(Smallest);
        var uncommented = rendered
            .With("    # schedule: \"0 2 * * *\"", "    schedule: \"0 2 * * *\"")
            .With("        # keepLast: 3", "        keepLast: 3")
            .With("    # passwordEnv: PGPASSWORD", "    passwordEnv: PGPASSWORD");

        var spec = Plans.Load(uncommented).Spec;

        Assert.Equal(("0 2 * * *", "PGPASSWORD", 3), (spec.Postgres!.Schedule, spec.Postgres.PasswordEnv, spec.Repositories[0].Retention!.KeepLast));
    }

    [Fact]
    public void Rendered_plans_are_tidy()
    {
        var rendered = PlanTemplate.Render(Options(Plans.Load(Plans.Full)));

        Assert.EndsWith("\n", rendered, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n\n", rendered, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", rendered, StringComparison.Ordinal);
        Assert.All(rendered.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void No_name_can_add_a_field() =>
        Gen.Select(Gen.String[Gen.Char["ab:#'\"\\{}[]&*!|>%@`,-? \u00e9\u2603"], 1, 20], Gen.String[Gen.Char["ab\"'{}: /#"], 1, 20]).Sample((user, folder) =>
        {
            var options = Smallest with
            {
                Postgres = new PostgresSpec { Database = "mlflow", User = user },
                Repositories = [new RepositorySpec { Name = "local", Path = "/backups/" + folder }],
            };

            // "://" in a name is refused as a connection string; spaces around it stay.
            if (user.Contains("://", StringComparison.Ordinal))
            {
                return;
            }

            var plan = Plans.Load(PlanTemplate.Render(options));
            Assert.Equal(user, plan.Spec.Postgres!.User);
            Assert.Equal(Path.TrimEndingDirectorySeparator(Path.GetFullPath("/backups/" + folder)), plan.Spec.Repositories[0].Path);
        });

    [Fact]
    public void A_line_break_in_a_name_stays_in_the_name()
    {
        var rendered = PlanTemplate.Render(Smallest with { Name = "x\nspec: {encryption: {none: true}}\n" });

        Assert.Contains("metadata.name: got \"x\uFFFDspec: {encryption: {none: true}}\uFFFD\"", Plans.Refused(rendered), StringComparison.Ordinal);
    }

    private static PlanTemplateOptions Options(BackupPlan plan) => new()
    {
        Name = plan.Metadata.Name,
        Namespace = plan.Metadata.Namespace,
        TimeZone = plan.Spec.TimeZone,
        Postgres = plan.Spec.Postgres,
        Artifacts = plan.Spec.Artifacts,
        Repositories = plan.Spec.Repositories,
        Encryption = plan.Spec.Encryption!,
        Compression = plan.Spec.Compression,
        Recovery = plan.Spec.Recovery,
    };

    private static string Dump(BackupPlan plan) => System.Text.Json.JsonSerializer.Serialize(plan);
}
