namespace KubectlMlopsBackup.S3Admin.Probing;

/// <param name="Works">Null where it could not be tried.</param>
/// <param name="Evidence">What the store answered.</param>
internal sealed record ProbeResult(bool? Works, string Evidence);
