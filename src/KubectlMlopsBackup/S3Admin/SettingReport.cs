namespace KubectlMlopsBackup.S3Admin;

/// <param name="Setting">Such as <c>versioning</c>.</param>
/// <param name="Current">In words; null where it could not be read.</param>
/// <param name="Wanted">In words.</param>
/// <param name="Note">Why it is left, refused or failed; null where there is nothing to say.</param>
/// <param name="Fix">What to do about it.</param>
internal sealed record SettingReport(string Setting, SettingState State, string? Current, string Wanted, string? Note = null, string? Fix = null);
