namespace KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

/// <summary>A plan as a user writes it. Each part is YAML's flow style, such as <c>{path: /backups}</c>.</summary>
internal sealed record PlanText
{
    public string Name { get; init; } = "platform";

    public string? Postgres { get; init; }

    public string? Artifacts { get; init; }

    public required IReadOnlyList<string> Repositories { get; init; }

    public string Encryption { get; init; } = "{none: true}";

    public string Compression { get; init; } = "fast";

    /// <summary>Lines of the plan's <c>spec</c>, as they are.</summary>
    public string More { get; init; } = "";

    public override string ToString() =>
        $"""
        apiVersion: mlopsbackup.io/v1
        kind: BackupPlan
        metadata: {"{"}name: {Name}{"}"}
        spec:
          compression: {Compression}
          encryption: {Encryption}
          repositories:
        {string.Join('\n', Repositories.Select(r => $"  - {r}"))}
        {(Postgres is null ? "" : $"  postgres: {Postgres}")}
        {(Artifacts is null ? "" : $"  artifacts: {Artifacts}")}
        {More}
        """;
}
