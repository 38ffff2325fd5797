using KubectlMlopsBackup.Cluster.Jobs;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Which fault it is that keeps a pod from starting.</summary>
internal static class StartFaults
{
    private static readonly (string Word, Fault Fault)[] Words =
    [
        ("exceeded quota", Faults.QuotaExceeded),
        ("PodSecurity", Faults.PodSecurity),
        ("the image ", Faults.ImageUnavailable),
        ("pod affinity", Faults.AffinityNoPod),
        ("Multi-Attach", Faults.VolumeElsewhere),
        ("secret \"", Faults.SecretMissing),
        ("references non-existent secret key", Faults.SecretKeyMissing),
        ("couldn't find key", Faults.SecretKeyMissing),
        ("unbound", Faults.ClaimPending),
        ("persistentvolumeclaim", Faults.ClaimMissing),
    ];

    public static Fault Of(StartTrouble trouble) =>
        Array.Find(Words, w => trouble.What.Contains(w.Word, StringComparison.Ordinal)).Fault ?? Faults.JobWaiting;
}
