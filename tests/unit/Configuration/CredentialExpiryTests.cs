using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.UnitTests.Configuration;

public sealed class CredentialExpiryTests
{
    [Fact]
    public void A_plan_says_when_its_keys_end()
    {
        var spec = new PlanSpec
        {
            Artifacts = new ArtifactsSpec { S3 = new S3Spec { Credentials = new S3CredentialsSpec { Expires = "2027-03-31" } } },
            Repositories =
            [
                new RepositorySpec { Name = "local" },
                new RepositorySpec { Name = "offsite", S3 = new RepositoryS3Spec { Credentials = new S3CredentialsSpec { Expires = "2027-01-01" } } },
                new RepositorySpec { Name = "far", S3 = new RepositoryS3Spec { Credentials = new S3CredentialsSpec() } },
            ],
        };

        Assert.Equal(
            [
                new CredentialExpiry("s3-keys/artifacts", new DateTimeOffset(2027, 3, 31, 0, 0, 0, TimeSpan.Zero)),
                new CredentialExpiry("s3-keys/offsite", new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            ],
            CredentialExpiry.Of(spec));
    }

    [Theory]
    [InlineData("2027-02-29")]
    [InlineData("31.3.2027")]
    [InlineData("2027-03-31T00:00:00Z")]
    [InlineData("soon")]
    public void What_is_no_day_is_none(string text) => Assert.Null(CredentialExpiry.Day(text));
}
