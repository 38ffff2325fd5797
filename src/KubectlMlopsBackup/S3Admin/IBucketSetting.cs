namespace KubectlMlopsBackup.S3Admin;

/// <summary>One thing that is set on a bucket.</summary>
internal interface IBucketSetting
{
    string Name { get; }

    /// <summary>In words.</summary>
    string Wanted { get; }

    /// <summary>Whether the plan asks for it by name: a store that lacks it does not do what was asked.</summary>
    bool IsAskedFor { get; }

    /// <summary>Of the S3 permissions to read it (<c>s3:Get…</c>) and to write it (<c>s3:Put…</c>), such as <c>BucketVersioning</c>.</summary>
    string Permission { get; }

    /// <summary>Throws what the SDK throws.</summary>
    Task<SettingFinding> ExamineAsync(CancellationToken cancellationToken);

    /// <summary>Makes it as wanted. Only after <see cref="ExamineAsync"/>, and where that found a difference.</summary>
    Task ApplyAsync(CancellationToken cancellationToken);
}
