namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>One thing that a store can do, or not: tried, not believed.</summary>
/// <param name="Ability">Such as <c>conditional writes</c>.</param>
/// <param name="Works">Null where it could not be tried.</param>
/// <param name="Required">No repository without it.</param>
/// <param name="Evidence">What the store answered.</param>
/// <param name="Without">What the tool does where the store lacks it; null where it has it.</param>
internal sealed record AbilityReport(string Ability, bool? Works, bool Required, string Evidence, string? Without);
