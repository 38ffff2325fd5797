using System.Reflection;

namespace KubectlMlopsBackup.Monitoring;

/// <summary>Where the page that alerts link to can be read.</summary>
internal static class RunbookPage
{
    /// <summary>Of this release, in the repository that it was built from; null for a build that does not know its own (RepositoryUrl in Directory.Build.props).</summary>
    public static string? Default { get; } = Of(
        typeof(RunbookPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(m => m.Key == "RepositoryUrl")?.Value, ToolVersion.Current);

    /// <param name="repository">Its address; null where it is not known.</param>
    public static string? Of(string? repository, string version) =>
        string.IsNullOrEmpty(repository) ? null : $"{repository.TrimEnd('/')}/blob/v{version}/docs/troubleshooting.md";
}
