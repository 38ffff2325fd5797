using System.Net;
using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.UnitTests.Cluster.Api;

public sealed class ClusterFailuresTests
{
    [Theory]
    [InlineData("""conflict with \"mlopsbackup\" using batch/v1 at 2026-01-01T00:00:00Z""", true)]
    [InlineData("""conflict with \"mlopsbackup-else\" using batch/v1""", false)]
    [InlineData("""conflict with \"night-shift\" using batch/v1: not \"mlopsbackup\" """, false)]
    public void A_conflict_of_an_apply_is_our_own_only_where_nobody_else_has_a_field(string second, bool own)
    {
        var failure = Of(
            $$"""
            {"kind": "Status", "reason": "Conflict", "message": "Apply failed with 2 conflicts", "details": {"causes": [
              {"reason": "FieldManagerConflict", "message": "conflict with \"mlopsbackup\" using batch/v1", "field": ".spec.schedule"},
              {"reason": "FieldManagerConflict", "message": "{{second}}", "field": ".spec.suspend"}] } }
            """);

        Assert.True(failure.IsConflict);
        Assert.Equal(own, failure.IsOwnConflict);
    }

    [Theory]
    [InlineData("""{"kind": "Status", "reason": "Conflict", "message": "the object has been modified"}""")]
    [InlineData("""{"kind": "Status", "reason": "Conflict", "message": "x", "details": {"name": "a", "kind": "cronjobs"}}""")]
    [InlineData("""{"kind": "Status", "reason": "Conflict", "message": "x", "details": {"causes": []}}""")]
    public void A_conflict_of_another_kind_is_nobodys(string status) => Assert.False(Of(status).IsOwnConflict);

    private static ClusterException Of(string status) =>
        ClusterFailures.Of(new ApiCall("patch", ApiResource.CronJobs, "mlops", "postgres-backup"), HttpStatusCode.Conflict, status);
}
