namespace KubectlMlopsBackup.EndToEndTests.Cluster.Rights;

/// <summary>A request that an API server has answered.</summary>
/// <param name="User">Who it counted as: with <c>--as</c>, that user.</param>
/// <param name="Name">Of the object; empty for a list.</param>
/// <param name="Status">HTTP's.</param>
internal sealed record AuditedCall(string User, ApiRight Right, string Namespace, string Name, int Status)
{
    private const int Forbidden = 403;

    public bool IsDenied => Status == Forbidden;
}
