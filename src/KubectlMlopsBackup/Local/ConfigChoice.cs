namespace KubectlMlopsBackup.Local;

/// <summary>What the command line says of the configuration's backup, in place of the plan.</summary>
/// <param name="Selector">Null: as the plan says, as with all that follows.</param>
/// <param name="Include">Empty: as the plan says.</param>
/// <param name="Exclude">Beside what the plan says.</param>
internal sealed record ConfigChoice(string? Secrets, string? Selector, IReadOnlyList<string> Include, IReadOnlyList<string> Exclude)
{
    public static ConfigChoice AsPlanned { get; } = new(null, null, [], []);
}
