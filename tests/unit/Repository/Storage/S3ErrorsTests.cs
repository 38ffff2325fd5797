using System.Net;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.UnitTests.Repository.Storage;

public sealed class S3ErrorsTests
{
    private readonly S3Errors _errors = new(new S3StoreSettings
    {
        Bucket = "backups",
        Prefix = "mlflow",
        Region = "eu-west-1",
        AccessKey = "AKIA",
        SecretKey = "hush-hush",
        KmsKeyId = "alias/k",
    });

    [Fact]
    public void No_region_and_no_endpoint_is_said_so_where_the_environment_has_none()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("AWS_REGION") is not null || Environment.GetEnvironmentVariable("AWS_PROFILE") is not null
                || File.Exists(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".aws/config")),
            "this environment has a region");
        var error = Assert.Throws<UserError>(
            () => new S3Connection(new S3StoreSettings { Bucket = "backups", AccessKey = "a", SecretKey = "b" }, TimeProvider.System));
        Assert.Contains("s3://backups: no region is set", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NoSuchBucket", HttpStatusCode.NotFound, "there is no bucket backups", ExitCode.NoRepository)]
    [InlineData("AccessDenied", HttpStatusCode.Forbidden, "access denied: s3:PutObject on mlflow/a", ExitCode.Failed)]
    [InlineData("Forbidden", HttpStatusCode.Forbidden, "access denied: s3:PutObject on mlflow/a", ExitCode.Failed)]
    [InlineData("InvalidAccessKeyId", HttpStatusCode.Forbidden, "does not know the access key", ExitCode.Failed)]
    [InlineData("SignatureDoesNotMatch", HttpStatusCode.Forbidden, "does not fit the access key", ExitCode.Failed)]
    [InlineData("ExpiredToken", HttpStatusCode.BadRequest, "have expired", ExitCode.Failed)]
    [InlineData("RequestTimeTooSkewed", HttpStatusCode.Forbidden, "clock", ExitCode.Failed)]
    [InlineData("PermanentRedirect", HttpStatusCode.Moved, "not in region eu-west-1", ExitCode.Failed)]
    [InlineData("AuthorizationHeaderMalformed", HttpStatusCode.BadRequest, "not in region eu-west-1", ExitCode.Failed)]
    [InlineData("KMS.DisabledException", HttpStatusCode.BadRequest, "KMS key alias/k", ExitCode.Failed)]
    [InlineData("XMinioStorageFull", HttpStatusCode.InsufficientStorage, "full", ExitCode.Failed)]
    public void What_the_user_can_mend_is_explained(string code, HttpStatusCode status, string message, object exit)
    {
        var error = Assert.IsType<UserError>(_errors.Explain(Failure(code, status), "s3:PutObject", "mlflow/a"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("s3://backups/mlflow", error.Message, StringComparison.Ordinal);
        Assert.Equal((ExitCode)exit, error.Code);
        Assert.NotNull(error.Fix);
        Assert.DoesNotContain("hush", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NoSuchBucket", HttpStatusCode.NotFound, S3Trouble.NoBucket)]
    [InlineData("AccessDenied", HttpStatusCode.Forbidden, S3Trouble.Denied)]
    [InlineData("", HttpStatusCode.Unauthorized, S3Trouble.Denied)]
    [InlineData("InvalidAccessKeyId", HttpStatusCode.Forbidden, S3Trouble.Credentials)]
    [InlineData("SignatureDoesNotMatch", HttpStatusCode.Forbidden, S3Trouble.Credentials)]
    [InlineData("ExpiredToken", HttpStatusCode.BadRequest, S3Trouble.Credentials)]
    [InlineData("InvalidToken", HttpStatusCode.BadRequest, S3Trouble.Credentials)]
    [InlineData("RequestTimeTooSkewed", HttpStatusCode.Forbidden, S3Trouble.Clock)]
    [InlineData("PermanentRedirect", HttpStatusCode.Moved, S3Trouble.Region)]
    [InlineData("", HttpStatusCode.TemporaryRedirect, S3Trouble.Region)]
    [InlineData("AuthorizationHeaderMalformed", HttpStatusCode.BadRequest, S3Trouble.Region)]
    [InlineData("KMS.DisabledException", HttpStatusCode.BadRequest, S3Trouble.Other)]
    [InlineData("InternalError", HttpStatusCode.InternalServerError, S3Trouble.Other)]
    public void Trouble_is_sorted_whether_it_was_explained_or_not(string code, HttpStatusCode status, object trouble)
    {
        var failure = Failure(code, status);

        Assert.Equal((S3Trouble)trouble, S3Faults.TroubleOf(failure));
        Assert.Equal((S3Trouble)trouble, S3Faults.TroubleOf(_errors.Explain(failure, "s3:PutObject", "mlflow/a")));
    }

    [Fact]
    public void Trouble_on_the_way_is_told_apart()
    {
        Assert.Equal(S3Trouble.Unreachable, Of(new HttpRequestException(HttpRequestError.ConnectionError, "refused")));
        Assert.Equal(S3Trouble.Unreachable, Of(new TimeoutException("nothing moved")));
        Assert.Equal(S3Trouble.Tls, Of(new HttpRequestException(HttpRequestError.SecureConnectionError, "ssl", new AuthenticationException("untrusted root"))));
        Assert.Equal(S3Trouble.Credentials, Of(new Amazon.Runtime.AmazonClientException("Failed to resolve AWS credentials.")));
        Assert.Equal(S3Trouble.Other, Of(new IOException("reset")));

        S3Trouble Of(Exception failure)
        {
            var trouble = S3Faults.TroubleOf(failure);
            Assert.Equal(trouble, S3Faults.TroubleOf(_errors.Explain(failure, "s3:PutObject", "mlflow/a")));
            return trouble;
        }
    }

    [Fact]
    public void The_right_region_is_in_the_fix_where_the_store_says_it()
    {
        var failure = new AmazonS3Exception(
            "the region 'us-east-1' is wrong; expecting 'eu-central-1'", ErrorType.Unknown, "AuthorizationHeaderMalformed", "request-1", HttpStatusCode.BadRequest);

        var error = Assert.IsType<UserError>(_errors.Explain(failure, "s3:PutObject", "mlflow/a"));

        Assert.StartsWith("set region: eu-central-1 ", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_foresaw_keeps_its_code_and_status()
    {
        var error = Assert.IsType<IOException>(
            _errors.Explain(Failure("Strange", HttpStatusCode.Conflict), "s3:PutObject", "mlflow/a"));
        Assert.Contains("Strange (HTTP 409", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bug_stays_a_bug()
    {
        var bug = new InvalidOperationException();
        Assert.Same(bug, _errors.Explain(bug, "s3:PutObject", "mlflow/a"));
    }

    [Theory]
    [InlineData("SlowDown", HttpStatusCode.ServiceUnavailable, 1, true)]
    [InlineData("InternalError", HttpStatusCode.InternalServerError, 1, true)]
    [InlineData("ExpiredToken", HttpStatusCode.Forbidden, 1, true)]
    [InlineData("Throttling", HttpStatusCode.BadRequest, 1, true)]
    [InlineData("ConditionalRequestConflict", HttpStatusCode.Conflict, 1, true)]
    [InlineData("BadDigest", HttpStatusCode.BadRequest, 1, true)]
    [InlineData("BadDigest", HttpStatusCode.BadRequest, 3, false)]
    [InlineData("RequestTimeTooSkewed", HttpStatusCode.Forbidden, 1, false)]
    [InlineData("AccessDenied", HttpStatusCode.Forbidden, 1, false)]
    [InlineData("NoSuchKey", HttpStatusCode.NotFound, 1, false)]
    [InlineData("PreconditionFailed", HttpStatusCode.PreconditionFailed, 1, false)]
    [InlineData("NotImplemented", HttpStatusCode.NotImplemented, 1, false)]
    public void Only_what_passes_is_retried(string code, HttpStatusCode status, int tries, bool expected) =>
        Assert.Equal(expected, S3Faults.IsTransient(Failure(code, status), tries));

    [Fact]
    public void A_broken_connection_is_retried_but_not_a_wrong_certificate()
    {
        Assert.True(S3Faults.IsTransient(new HttpRequestException("reset", new IOException("reset")), 1));
        Assert.True(S3Faults.IsTransient(new TimeoutException(), 1));
        var certificate = new HttpRequestException(
            HttpRequestError.SecureConnectionError, "ssl", new AuthenticationException("untrusted root"));
        Assert.False(S3Faults.IsTransient(certificate, 1));
        var error = Assert.IsType<UserError>(_errors.Explain(certificate, "s3:PutObject", "mlflow/a"));
        Assert.Contains("untrusted root", error.Message, StringComparison.Ordinal);
    }

    private static AmazonS3Exception Failure(string code, HttpStatusCode status) =>
        new("the store's own words", ErrorType.Unknown, code, "request-1", status);
}
