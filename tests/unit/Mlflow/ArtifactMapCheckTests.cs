using KubectlMlopsBackup.Mlflow;

namespace KubectlMlopsBackup.UnitTests.Mlflow;

public sealed class ArtifactMapCheckTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_typo_is_refused_and_the_answer_says_what_there_is()
    {
        var error = await Assert.ThrowsAsync<UserError>(() => CheckAsync(
            "s3://mflow=s3://new", "s3://mlflow/1/r", "s3://mlflow/2/r", "ftp://me:hunter2@host/x", "/mnt/old/x", "models:/m"));
        Assert.Contains("begins with s3://mflow", error.Message, StringComparison.Ordinal);
        Assert.Contains("s3://mlflow (2)", error.Fix, StringComparison.Ordinal);
        Assert.Contains("/mnt (1)", error.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("models", error.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uris_that_are_relative_to_the_server_need_no_map() =>
        Assert.Equal(0, (await CheckAsync("s3://old=s3://new", "mlflow-artifacts:/0/r", "runs:/r/model", "models:/m/1")).Expected);

    [Fact]
    public async Task One_that_fits_nothing_beside_one_that_does_is_named()
    {
        var check = await CheckAsync("s3://mlflow=s3://new", "s3://mlflow/1", "s3://mlflow/2");
        Assert.Equal(2, check.Expected);
        Assert.Empty(check.Warnings);
        var map = ArtifactMap.Parse(["s3://mlflow=s3://new", "/typo=/mnt"])!;
        check = await ArtifactMapCheck.RunAsync(map, ReferencesAsync(["s3://mlflow/1"]), Token);
        Assert.Contains("/typo", Assert.Single(check.Warnings), StringComparison.Ordinal);
    }

    private static Task<ArtifactMapCheck> CheckAsync(string map, params string[] uris) =>
        ArtifactMapCheck.RunAsync(ArtifactMap.Parse([map])!, ReferencesAsync(uris), Token);

    private static async IAsyncEnumerable<ArtifactReference> ReferencesAsync(string[] uris)
    {
        foreach (var uri in uris)
        {
            await Task.Yield();
            yield return new ArtifactReference("run", "r", false, "runs.artifact_uri", uri);
        }
    }
}
