namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>Tries one ability of a store.</summary>
internal interface IStoreProbe
{
    string Ability { get; }

    /// <summary>No repository without it.</summary>
    bool Required { get; }

    /// <summary>What the tool does in a store that lacks it.</summary>
    string Without { get; }

    /// <summary>Throws what the SDK throws.</summary>
    Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken);
}
