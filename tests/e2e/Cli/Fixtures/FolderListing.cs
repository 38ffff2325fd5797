using System.Security.Cryptography;

namespace KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

/// <summary>Everything below a folder, to prove that a command wrote nothing.</summary>
internal static class FolderListing
{
    /// <returns>A line an entry: path, size, time, SHA-256.</returns>
    public static string Of(string root) => string.Join('\n', Directory
        .EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(Line));

    private static string Line(string path) => Directory.Exists(path)
        ? $"{path}/ {Directory.GetLastWriteTimeUtc(path):O}"
        : $"{path} {new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path):O} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}";
}
