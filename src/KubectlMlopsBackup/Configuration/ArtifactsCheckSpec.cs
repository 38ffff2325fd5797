namespace KubectlMlopsBackup.Configuration;

/// <summary>Files drawn at random, compared by content with the snapshot's.</summary>
internal sealed class ArtifactsCheckSpec
{
    /// <summary>How many.</summary>
    public int Sample { get; set; } = PlanDefaults.ArtifactsSample;
}
