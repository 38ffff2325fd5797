using System.Text;
using KubectlMlopsBackup.Mlflow.Consistency;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.Artifacts;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>
/// Reads the files of models where a drill has restored them. MLflow itself cannot: in a drill it has the platform's keys, and so no way to the bucket.
/// </summary>
/// <param name="place">For people.</param>
/// <param name="open">Opens a file by its path; null where the artifacts were not restored.</param>
/// <param name="roots">What the database calls that place.</param>
internal sealed class RestoredModels(string place, Func<byte[], CancellationToken, ValueTask<ISourceFile>>? open, ArtifactRoots roots)
{
    public string Place => place;

    /// <param name="uri">The folder of a model, as MLflow names it; null where it names none.</param>
    /// <param name="most">Bytes to read.</param>
    /// <returns>The text of the file; or why there is none; or, where neither is known, why it cannot be looked at.</returns>
    public async Task<(string? Text, string? Missing, string? Unknown)> ReadAsync(string? uri, string file, int most, CancellationToken cancellationToken)
    {
        if (open is null)
        {
            return (null, null, "the artifacts are not rehearsed");
        }

        if (uri is null || ArtifactRoots.NamesObject(uri) || roots.Locate(uri, out var folder) != ArtifactPlace.Inside)
        {
            return (null, null, uri is null ? "MLflow names no place" : $"{PlainText.Cut(uri, 100)} is no place in the backup");
        }

        byte[] path = folder.Length == 0 ? Encoding.UTF8.GetBytes(file) : [.. folder, (byte)'/', .. Encoding.UTF8.GetBytes(file)];
        try
        {
            await using var opened = await open(path, cancellationToken);
            return (await TextAsync(opened, most, cancellationToken), null, null);
        }
        catch (SourceChangedException)
        {
            return (null, "it was not restored", null);
        }
    }

    private static async Task<string> TextAsync(ISourceFile file, int most, CancellationToken cancellationToken)
    {
        file.NextStretch();
        var text = new byte[(int)Math.Min(file.Entry.Size, most)];
        var length = 0;
        int count;
        while (length < text.Length && (count = await file.ReadAsync(text.AsMemory(length), cancellationToken)) > 0)
        {
            length += count;
        }

        return Encoding.UTF8.GetString(text.AsSpan(0, length));
    }
}
