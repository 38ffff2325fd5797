using KubectlMlopsBackup.Mlflow;

namespace KubectlMlopsBackup.Sources.Postgres;

internal sealed record PostgresRestoreOptions
{
    /// <summary>Name of the restored database; null means that of the settings.</summary>
    public string? TargetDatabase { get; init; }

    /// <summary>Restores into the live database in one transaction, for roles that may not create databases.</summary>
    public bool InPlace { get; init; }

    /// <summary>Leaves out owners and grants: everything belongs to the role that restores.</summary>
    public bool NoOwner { get; init; }

    /// <summary>Drops the previous database as soon as the new one is in its place.</summary>
    public bool DropPrevious { get; init; }

    /// <summary>Where artifacts lie now that lay elsewhere at the time of the backup; null leaves their URIs alone.</summary>
    public ArtifactMap? ArtifactMap { get; init; }

    /// <summary>How many indexes and constraints are built at once.</summary>
    public int Jobs { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 4);

    /// <summary>
    /// Server memory for each of these, in MiB; null leaves it to the server. Measured on 4 million rows, 256 was no
    /// faster than the default of 64, and 4 % more work.
    /// </summary>
    public int? MaintenanceWorkMemMiB { get; init; }
}
