namespace KubectlMlopsBackup.Configuration;

/// <summary>As in a pod; what is null is left out.</summary>
internal sealed class TolerationSpec
{
    public string? Key { get; set; }

    public string? Operator { get; set; }

    public string? Value { get; set; }

    public string? Effect { get; set; }

    public int? TolerationSeconds { get; set; }
}
