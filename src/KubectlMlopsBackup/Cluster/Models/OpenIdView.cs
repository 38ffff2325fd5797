namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>What the API server says of its tokens.</summary>
/// <param name="Issuer">A URL.</param>
internal sealed record OpenIdView(string Issuer);
