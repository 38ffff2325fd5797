using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Local;

/// <summary>How a snapshot is written as a plain file.</summary>
/// <param name="Extension">Also its name on the command line.</param>
/// <param name="Component">What can be written so.</param>
internal sealed record ExportFormat(string Extension, Component Component)
{
    public static ExportFormat SqlGz { get; } = new("sql.gz", Component.Postgres);

    public static ExportFormat Dump { get; } = new("dump", Component.Postgres);

    public static ExportFormat TarGz { get; } = new("tar.gz", Component.Artifacts);

    public static ExportFormat TarZst { get; } = new("tar.zst", Component.Artifacts);

    /// <summary>A folder of files, one an object.</summary>
    public static ExportFormat Folder { get; } = new("folder", Component.Config);

    private static ExportFormat[] All { get; } =
        [SqlGz, Dump, TarGz, TarZst, Folder, new(TarGz.Extension, Component.Config), new(TarZst.Extension, Component.Config)];

    /// <param name="name">Null: the component's usual one.</param>
    /// <exception cref="UserError">No such format for the component.</exception>
    public static ExportFormat Parse(string? name, Component component)
    {
        var fitting = All.Where(f => f.Component == component).ToList();
        return name is null
            ? fitting[0]
            : fitting.Find(f => f.Extension == name) ?? throw new UserError(
                $"--format {name} is not one of {component.ToString().ToLowerInvariant()}",
                $"it has: {string.Join(", ", fitting.Select(f => f.Extension))}",
                ExitCode.Usage);
    }
}
