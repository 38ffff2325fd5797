namespace KubectlMlopsBackup.S3Admin;

/// <summary>What a setting was found to be.</summary>
/// <param name="State"><see cref="SettingState.Ok"/>, <see cref="SettingState.Differs"/>, <see cref="SettingState.Left"/> or <see cref="SettingState.Refused"/>.</param>
/// <param name="Current">In words.</param>
internal sealed record SettingFinding(SettingState State, string Current, string? Note = null, string? Fix = null)
{
    public static SettingFinding Of(bool fits, string current) => new(fits ? SettingState.Ok : SettingState.Differs, current);
}
