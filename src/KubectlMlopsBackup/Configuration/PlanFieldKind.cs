namespace KubectlMlopsBackup.Configuration;

internal enum PlanFieldKind
{
    Text,
    Number,
    Flag,
    Map,
    TextList,

    /// <summary>Names of the user's own, each with a text: labels and the like.</summary>
    TextMap,
    MapList,
}
