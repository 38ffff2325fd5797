namespace KubectlMlopsBackup.UnitTests.Docs;

/// <summary>The project's own files, found from where the tests were built.</summary>
internal static class ProjectFiles
{
    private static readonly string[] NotOurs = ["bin", "obj", "out", "out-jit", "TestResults", "node_modules"];

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>All Markdown files but those of build outputs.</summary>
    public static IReadOnlyList<string> Markdown { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "KubectlMlopsBackup.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests lie outside of the project"));

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder, "*.md").Concat(
            Directory.EnumerateDirectories(folder)
                .Where(d => Path.GetFileName(d) is var name && !name.StartsWith('.') && !NotOurs.Contains(name))
                .SelectMany(Walk));
}
