namespace KubectlMlopsBackup.Configuration;

/// <summary>Who the agent's process is. Never root.</summary>
internal sealed class PodSecuritySpec
{
    /// <summary>Must be able to read the artifacts; to restore their owner it must be that owner.</summary>
    public int RunAsUser { get; set; } = PlanDefaults.AgentUser;

    public int RunAsGroup { get; set; } = PlanDefaults.AgentUser;

    /// <summary>The group that a repository's volume is given to.</summary>
    public int FsGroup { get; set; } = PlanDefaults.AgentUser;
}
