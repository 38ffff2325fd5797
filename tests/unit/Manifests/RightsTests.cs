using System.Runtime.CompilerServices;
using KubectlMlopsBackup.Commands;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.S3Admin.Policies;
using KubectlMlopsBackup.UnitTests.Configuration;

namespace KubectlMlopsBackup.UnitTests.Manifests;

/// <summary>What docs/security.md says of rights is what the templates and the policies give.</summary>
public sealed class RightsTests
{
    private static readonly string[] Lines = File.ReadAllLines(
        Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs", "security.md"));

    [Theory]
    [InlineData(AgentJobs.BackupAccount)]
    [InlineData(AgentJobs.RestoreAccount)]
    [InlineData(AgentJobs.PruneAccount)]
    public void The_table_names_every_CronJob_of_an_account_and_no_other(string account)
    {
        var spec = Plans.Load(Plans.Cluster).Spec;
        var jobs = AgentJobs.Of(spec).Where(j => j.ServiceAccount == account).Select(j => j.Name);

        // Scheduled Jobs come before the semicolon, or are the table's own names of CronJobs; verbs are those that make Jobs on request.
        var named = Code(Row(account)[3]).Where(name => AgentJobs.Of(spec).Any(j => j.Name == name)).Order(StringComparer.Ordinal);

        Assert.Equal(jobs.Order(StringComparer.Ordinal), named);
        Assert.Equal("none", Row(account)[2]);
    }

    [Fact]
    public void Only_the_account_of_the_configuration_has_a_role_and_it_may_write_nothing()
    {
        var plan = ClusterPlans.Minimal.With("  repositories:", "  config: {}\n  repositories:");
        var manifests = ClusterPlans.Render(plan);
        var roles = manifests.Where(m => m.Kind is "Role" or "ClusterRole").ToList();
        var bindings = manifests.Where(m => m.Kind is "RoleBinding" or "ClusterRoleBinding").ToList();

        Assert.NotEmpty(roles);
        Assert.All(bindings, b => Assert.Contains($"name: {AgentJobs.ConfigAccount}", b.Yaml, StringComparison.Ordinal));
        Assert.All(new[] { "create", "update", "patch", "delete", "deletecollection", "impersonate", "escalate", "bind" }, verb =>
            Assert.All(roles, r => Assert.DoesNotContain($"- {verb}\n", r.Yaml, StringComparison.Ordinal)));
        Assert.Contains(AgentJobs.ConfigBackup, Code(Row(AgentJobs.ConfigAccount)[3]));
        Assert.StartsWith("reads", Row(AgentJobs.ConfigAccount)[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_account_of_drills_has_rights_of_its_own_and_is_held_to_its_namespaces_before_it_has_any()
    {
        var manifests = ClusterPlans.Render(ClusterPlans.Drill).ToList();
        int At(string kind, string name) => manifests.FindIndex(m => m.Kind == kind && m.Name == name);

        Assert.Equal([AgentJobs.Drill], Code(Row(AgentJobs.DrillAccount)[3]));
        Assert.Equal(AgentJobs.DrillAccount, AgentJobs.Of(Plans.Load(ClusterPlans.Drill).Spec).Single(j => j.Name == AgentJobs.Drill).ServiceAccount);
        Assert.InRange(At("ValidatingAdmissionPolicyBinding", "mlopsbackup-drill-mlops"), 0, At("ClusterRoleBinding", "mlopsbackup-drill-mlops") - 1);
        Assert.InRange(At("ValidatingAdmissionPolicy", "mlopsbackup-drill-mlops"), 0, At("ClusterRoleBinding", "mlopsbackup-drill-mlops") - 1);
    }

    [Fact]
    public void What_a_drill_may_do_beyond_its_namespaces_is_to_make_them_and_to_read_its_plan()
    {
        var manifests = ClusterPlans.Render(ClusterPlans.Drill);
        var bound = manifests.Where(m => m.Kind is "RoleBinding" or "ClusterRoleBinding" && m.Yaml.Contains($"name: {AgentJobs.DrillAccount}", StringComparison.Ordinal)).Select(m => m.Name);
        var rules = manifests.Where(m => m.Kind is "Role" or "ClusterRole" && bound.Contains(m.Name)).SelectMany(m => YamlReading.ToJson(m.Yaml)!["rules"]!.AsArray())
            .Select(r => $"{string.Join(',', r!["resources"]!.AsArray())}:{string.Join(',', r["verbs"]!.AsArray())}");

        // The role of the scratch namespace is bound by the drill alone, there.
        Assert.Equal(["clusterroles:bind", "configmaps:get", "namespaces:create,delete,get,list,patch", "rolebindings:create"], rules.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Roles_at_the_store_are_for_the_accounts_of_scheduled_drills_too_where_there_are_any()
    {
        Assert.Equal(["restore-sa", "drill-sa"], S3PolicyCommand.ServiceAccounts(S3Role.Restore, Plans.Load(ClusterPlans.Drill).Spec));
        Assert.Equal(["restore-sa"], S3PolicyCommand.ServiceAccounts(S3Role.Restore, Plans.Load(ClusterPlans.Config).Spec));
    }

    [Fact]
    public void Verbs_in_the_table_run_with_the_account_that_it_says()
    {
        var spec = Plans.Load(Plans.Cluster).Spec;

        Assert.Equal(AgentJobs.RestoreAccount, AgentJobs.Restore(spec, []).ServiceAccount);
        Assert.Contains("restore", Code(Row(AgentJobs.RestoreAccount)[3]));
    }

    [Theory]
    [InlineData(Plans.Cluster)]
    [InlineData(ClusterPlans.Minimal)]
    [InlineData(ClusterPlans.S3)]
    public void No_account_has_a_role_and_no_pod_a_token(string plan)
    {
        var manifests = ClusterPlans.Render(plan);

        Assert.DoesNotContain(manifests, m => m.Kind.EndsWith("Role", StringComparison.Ordinal) || m.Kind.EndsWith("RoleBinding", StringComparison.Ordinal));
        Assert.All(
            manifests.Where(m => m.Kind is "ServiceAccount" or "CronJob"),
            m => Assert.Contains("automountServiceAccountToken: false", m.Yaml, StringComparison.Ordinal));
        Assert.Equal(
            [AgentJobs.BackupAccount, AgentJobs.PruneAccount, AgentJobs.RestoreAccount],
            manifests.Where(m => m.Kind == "ServiceAccount").Select(m => m.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_restore_writes_artifacts()
    {
        var spec = Plans.Load(Plans.Cluster).Spec;

        Assert.DoesNotContain(AgentJobs.Of(spec), j => j.WritesArtifacts);
        Assert.True(AgentJobs.Restore(spec, []).WritesArtifacts);
        Assert.DoesNotContain(AgentJobs.Of(spec), j => j.ServiceAccount == AgentJobs.PruneAccount && (j.ReadsArtifacts || j.ReadsPostgres));
    }

    [Fact]
    public void With_a_schedule_for_prune_backups_do_not_prune()
    {
        var with = AgentJobs.Of(Plans.Load(Plans.Cluster).Spec).ToList();
        var without = AgentJobs.Of(Plans.Load(ClusterPlans.Minimal).Spec).ToList();

        Assert.DoesNotContain(with, j => j.Arguments.Contains("--prune"));
        Assert.Equal(AgentJobs.PruneAccount, with.Single(j => j.Name == AgentJobs.Prune).ServiceAccount);
        Assert.Contains(without, j => j.Arguments.Contains("--prune"));
        Assert.DoesNotContain(without, j => j.Name == AgentJobs.Prune);
    }

    [Fact]
    public void The_table_of_the_store_names_what_prune_may_delete()
    {
        var plan = Plans.Load(ClusterPlans.S3);
        foreach (var (row, role, writeOnly) in new[] { ("backup", S3Role.Backup, false), ("backup, write-only", S3Role.Backup, true) })
        {
            var deleted = RolePolicy.Of(role, plan.Spec, null, writeOnly).Where(s => !s.Deny && s.Actions.Contains("s3:DeleteObject"))
                .SelectMany(s => s.Resources).Select(r => r.Split('/')[^2]).Order(StringComparer.Ordinal);
            Assert.Equal(Code(Row(row)[4]).Order(StringComparer.Ordinal), deleted);
        }
    }

    /// <summary>Cells of the row whose first one it is; the first of all is what is before the first bar.</summary>
    private static string[] Row(string name) => Lines
        .Where(l => l.StartsWith('|'))
        .Select(l => l.Split('|', StringSplitOptions.TrimEntries))
        .Single(cells => cells[1].Trim('`') == name);

    private static IEnumerable<string> Code(string cell) => cell.Split('`').Where((_, i) => i % 2 == 1);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
