namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>What is done with an object that is there already.</summary>
internal enum ExistingPolicy
{
    /// <summary>It stays as it is.</summary>
    Skip,

    /// <summary>The snapshot's fields are set in it; what others have set beside them stays.</summary>
    Update,

    /// <summary>It becomes what the snapshot has; where a field cannot be changed, it is deleted and made again (never claims, namespaces and definitions: they hold data).</summary>
    Replace,
}
