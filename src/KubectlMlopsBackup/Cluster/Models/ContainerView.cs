namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>A container as a workload's template has it.</summary>
internal sealed record ContainerView
{
    public string Name { get; init; } = "";

    public string? Image { get; init; }

    public List<string>? Command { get; init; }

    public List<string>? Args { get; init; }

    public List<VariableView>? Env { get; init; }

    public List<VariableSourceView>? EnvFrom { get; init; }

    public List<PortView>? Ports { get; init; }

    public List<MountView>? VolumeMounts { get; init; }

    /// <summary>The command line, as one text.</summary>
    public string CommandLine => string.Join(' ', [.. Command ?? [], .. Args ?? []]);

    public VariableView? Variable(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Env?.Find(e => e.Name == name) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}

/// <param name="Value">Null where it comes from elsewhere.</param>
internal sealed record VariableView(string Name, string? Value, VariableOriginView? ValueFrom);

internal sealed record VariableOriginView(SecretKeyView? SecretKeyRef);

internal sealed record SecretKeyView(string Name, string Key);

internal sealed record VariableSourceView(SecretNameView? SecretRef);

internal sealed record SecretNameView(string Name);

internal sealed record MountView(string Name, string MountPath, string? SubPath);

internal sealed record PortView(int ContainerPort);
