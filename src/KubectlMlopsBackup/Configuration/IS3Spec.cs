namespace KubectlMlopsBackup.Configuration;

/// <summary>What an S3 location of artifacts and one of a repository have in common.</summary>
internal interface IS3Spec
{
    string Bucket { get; set; }

    /// <summary>"" or a path that neither begins nor ends with a slash.</summary>
    string Prefix { get; set; }

    /// <summary>Null where the AWS environment or profile says it.</summary>
    string? Region { get; set; }

    /// <summary>Null for AWS itself.</summary>
    string? Endpoint { get; set; }

    bool? ForcePathStyle { get; set; }

    /// <summary><c>whenRequired</c> or <c>whenSupported</c>.</summary>
    string? Checksums { get; set; }

    /// <summary>Null where the AWS SDK looks in its usual places (environment, profile, web identity, instance).</summary>
    S3CredentialsSpec? Credentials { get; set; }
}
