namespace KubectlMlopsBackup.Sources.Import;

/// <summary>What a file of earlier backups holds.</summary>
internal enum ImportKind
{
    /// <summary>Plain SQL of <c>pg_dump</c>.</summary>
    Sql,

    /// <summary><c>pg_dump -Fc</c>.</summary>
    CustomDump,

    /// <summary>A tar archive of artifacts.</summary>
    Tar,
}
