using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;

namespace KubectlMlopsBackup.UnitTests.InCluster;

public sealed class JobFinderTests
{
    private static readonly JobView[] Jobs =
    [
        Job("postgres-backup-1", "postgres-backup", 1),
        Job("postgres-backup-3", "postgres-backup", 3),
        Job("postgres-backup-2", "postgres-backup", 2),
        Job("backup-verify-4", "backup-verify", 4),
        Job("verify-5", "verify", 5),
        Job("restore-6", "restore", 6),
    ];

    [Theory]
    [InlineData(null, "restore-6")]
    [InlineData("postgres", "postgres-backup-3")]
    [InlineData("postgres-backup", "postgres-backup-3")]
    [InlineData("postgres-backup-1", "postgres-backup-1")]
    [InlineData("verify", "verify-5")]
    [InlineData("restore", "restore-6")]
    [InlineData("artifacts", null)]
    [InlineData("postgres-backup-9", null)]
    public void A_Job_is_found_by_its_name_or_by_what_it_does(string? what, string? name) => Assert.Equal(name, JobFinder.Find(Jobs, what)?.Metadata.Name);

    [Fact]
    public void Where_nothing_ran_nothing_is_found() => Assert.Null(JobFinder.Find([], null));

    private static JobView Job(string name, string component, int hour) => new()
    {
        Metadata = new Metadata
        {
            Name = name,
            CreationTimestamp = new DateTimeOffset(2026, 11, 24, hour, 0, 0, TimeSpan.Zero),
            Labels = new Dictionary<string, string> { ["app.kubernetes.io/component"] = component },
        },
    };
}
