namespace KubectlMlopsBackup.Repository.Verifying;

internal sealed record VerifyOptions
{
    /// <summary>Read the packs too.</summary>
    public bool ReadData { get; init; }

    /// <summary>Share of the packs' bytes to read, 0 to 1; drawn anew each time.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Draws the share.</summary>
    public Random Random { get; init; } = Random.Shared;
}
