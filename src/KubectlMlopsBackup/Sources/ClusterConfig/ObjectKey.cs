using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Which object, in whatever version of its API.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Namespace">Null for what is in none.</param>
internal sealed partial record ObjectKey(string Group, string Kind, string? Namespace, string Name)
{
    /// <summary>The folder of what is in no namespace: no namespace can have this name.</summary>
    public const string ClusterFolder = "_cluster";

    private const string Extension = ".yaml";

    /// <summary>The API's own limit.</summary>
    private const int LongestName = 253;

    /// <summary>Characters of a file's name without its extension: file systems take 255 bytes.</summary>
    private const int LongestFile = 200;

    /// <summary>As kubectl and the options write a kind: <c>Deployment.apps</c>, <c>Secret</c>.</summary>
    public string KindName => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    /// <summary>Its file in a snapshot: <c>mlops-platform/Deployment.apps/mlflow-server.yaml</c>.</summary>
    public string Path => $"{Namespace ?? ClusterFolder}/{KindName}/{FileName}{Extension}";

    /// <summary>Whether every part is what the API allows, and so a safe part of a path.</summary>
    public bool IsValid =>
        GroupText().IsMatch(Group)
        && KindText().IsMatch(Kind)
        && (Namespace is null || NamespaceText().IsMatch(Namespace))
        && Name is { Length: > 0 and <= LongestName } and not ("." or "..")
        && NameText().IsMatch(Name);

    private string FileName => Name.Length <= LongestFile
        ? Name
        : $"{Name[..(LongestFile - 20)]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Name)))[..16]}";

    /// <summary>As kubectl names it: <c>deployment.apps/mlflow-server</c>.</summary>
    public override string ToString() => $"{KindName.ToLowerInvariant()}/{Name}";

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?\z")]
    private static partial Regex GroupText();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9]{0,62}\z")]
    private static partial Regex KindText();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex NamespaceText();

    /// <summary>Names of roles may have colons and capitals.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9._:@+\-]+\z")]
    private static partial Regex NameText();
}
