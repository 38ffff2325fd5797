namespace KubectlMlopsBackup.Repository.Snapshots;

/// <summary>Says that a snapshot was committed, so that its disappearance is noticed.</summary>
internal sealed record Receipt(string Snapshot, Component Component, DateTimeOffset Time)
{
    public const string Prefix = "receipts/";
    public const int MaxSize = 64 << 10;
}
