namespace KubectlMlopsBackup.Configuration;

internal enum PlanFieldKind
{
    Text,
    Number,
    Flag,
    Map,
    TextList,
    MapList,
}
