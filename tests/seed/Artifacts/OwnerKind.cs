namespace KubectlMlopsBackup.Seed.Artifacts;

internal enum OwnerKind : byte
{
    Run,
    LoggedModel,
    Trace,
}
