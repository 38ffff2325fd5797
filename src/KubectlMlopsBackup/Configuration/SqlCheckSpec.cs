namespace KubectlMlopsBackup.Configuration;

/// <summary>A query of the plan's database, in a read-only transaction: the first column of its first row counts.</summary>
internal sealed class SqlCheckSpec
{
    public string Query { get; set; } = "";

    /// <summary>What it must be, as text. Exactly one of this and <see cref="Minimum"/>.</summary>
    public string? Value { get; set; }

    /// <summary>The least that a number may be.</summary>
    public int? Minimum { get; set; }
}
