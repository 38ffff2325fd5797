using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>A bucket and a prefix in it, as policies name them.</summary>
/// <param name="name">Of the repository, or <c>artifacts</c>: it is part of the statements' names.</param>
internal sealed class PolicyPlace(IS3Spec s3, string name)
{
    private readonly string prefix = s3.Prefix.Trim('/') is { Length: > 0 } trimmed ? PolicyDocument.Literal(trimmed) + "/" : "";
    private readonly string partition = S3Partition.Of(s3.Region);

    private string Bucket => $"arn:{partition}:s3:::{s3.Bucket}";

    public IReadOnlyList<string> All() => [$"{Bucket}/{prefix}*"];

    public IReadOnlyList<string> Below(params ReadOnlySpan<string> folders)
    {
        var resources = new List<string>();
        foreach (var folder in folders)
        {
            resources.Add($"{Bucket}/{prefix}{folder}/*");
        }

        return resources;
    }

    /// <summary>
    /// Without it AWS says 403, not 404, of an object that is not there. That answer depends on this right, too, and knows no prefix: so a
    /// condition that always asks for one would deny it.
    /// </summary>
    public PolicyStatement List() => new(Sid("List"), ["s3:ListBucket"], [Bucket])
    {
        Conditions = prefix.Length == 0 ? [] : [new PolicyCondition("StringLikeIfExists", "s3:prefix", [$"{prefix}*"])],
    };

    public PolicyStatement Allow(string what, IReadOnlyList<string> actions, IReadOnlyList<string> resources) => new(Sid(what), actions, resources);

    /// <summary>Parts of an upload are read again by the store: so writers need both.</summary>
    public PolicyStatement Key(string key) => KeyStatement.Of(Sid("Key"), ["kms:GenerateDataKey", "kms:Decrypt"], partition, s3.Region, key);

    private string Sid(string what) => what + Word(name);

    /// <summary>A name in a form that statements may have: letters and digits only.</summary>
    public static string Word(string name) => string.Concat(name.Split('-').Where(w => w.Length > 0).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
