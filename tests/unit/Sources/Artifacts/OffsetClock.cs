namespace KubectlMlopsBackup.UnitTests.Sources.Artifacts;

/// <summary>The real clock, moved.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}
