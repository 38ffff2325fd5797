namespace KubectlMlopsBackup.Configuration;

internal enum PlanCompression
{
    None,
    Fast,
    Default,
    Better,
}
