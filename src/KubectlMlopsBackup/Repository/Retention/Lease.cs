namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>A prune is at work.</summary>
/// <param name="Host">Where.</param>
/// <param name="Nonce">Makes two leases of one host differ.</param>
/// <param name="Expires">Without effect from then on; also the time in its key.</param>
internal sealed record Lease(string Host, string Nonce, DateTimeOffset Expires)
{
    public const string Prefix = "leases/";
    public const int MaxSize = 64 << 10;
}
