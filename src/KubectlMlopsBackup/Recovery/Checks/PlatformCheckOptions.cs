using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>How the checks of a plan are run.</summary>
internal sealed record PlatformCheckOptions
{
    /// <summary>The recovery point to compare with.</summary>
    public required RestoreSelection Selection { get; init; }

    /// <summary>By its name in the plan; null for the first that has it.</summary>
    public string? Repository { get; init; }

    /// <summary>The platform was just recovered and nobody works with it: every row and every file drawn must be as in the snapshot.</summary>
    public bool Exact { get; init; }

    /// <summary>Nothing but Services of the platform's namespace: a drill must not look at production by an address.</summary>
    public bool Isolated { get; init; }

    /// <summary>The names of Services mean something here.</summary>
    public bool InCluster { get; init; }

    /// <summary>Where Services are, as seen from here.</summary>
    public IReadOnlyDictionary<string, Uri> Services { get; init; } = new Dictionary<string, Uri>();
}
