namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>What stands between here and a store.</summary>
internal enum S3Trouble
{
    /// <summary>None of the others: the store is full, its KMS key cannot be used, or it failed by itself.</summary>
    Other,

    /// <summary>Nobody answers.</summary>
    Unreachable,

    /// <summary>Somebody answers, but no trusted TLS connection comes about.</summary>
    Tls,

    /// <summary>There are no credentials, the store does not know them, or they are no longer good.</summary>
    Credentials,

    /// <summary>The credentials are good, and do not suffice.</summary>
    Denied,

    /// <summary>There is no such bucket.</summary>
    NoBucket,

    /// <summary>The bucket is elsewhere.</summary>
    Region,

    /// <summary>What was signed here looks too old, or too new, there.</summary>
    Clock,
}
