namespace KubectlMlopsBackup.Manifests;

/// <summary>One of the Jobs that run on a schedule, or from their template on request.</summary>
internal sealed record AgentJob
{
    /// <summary>Of the CronJob; at most 52 characters.</summary>
    public required string Name { get; init; }

    public required string ServiceAccount { get; init; }

    public required string Schedule { get; init; }

    /// <summary>True where it only runs when asked.</summary>
    public bool Suspend { get; init; }

    /// <summary>Of <c>kubectl-mlopsbackup</c>.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>As the plan writes durations.</summary>
    public required string ActiveDeadline { get; init; }

    /// <summary>How often a failed run is tried again.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Pods that share the work out between them; 1 for an ordinary Job.</summary>
    public int Pods { get; init; } = 1;

    /// <summary>It asks the API server, and so gets a token.</summary>
    public bool ReadsCluster { get; init; }

    public bool ReadsPostgres { get; init; }

    /// <summary>Beside those of the plan that it needs.</summary>
    public IReadOnlyList<SecretFile> MoreSecrets { get; init; } = [];

    public bool ReadsArtifacts { get; init; }

    /// <summary>Tells those of <c>spec.notifications</c> how it ended.</summary>
    public bool Notifies { get; init; }

    /// <summary>Goes to the platform's own servers, with the credentials that its checks need.</summary>
    public bool ChecksPlatform { get; init; }

    /// <summary>The artifacts' volume is mounted read-write.</summary>
    public bool WritesArtifacts { get; init; }
}
