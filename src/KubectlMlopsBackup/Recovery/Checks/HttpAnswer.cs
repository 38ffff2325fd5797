using System.Text;
using System.Text.Json;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <param name="Status">Such as 200.</param>
/// <param name="Body">Perhaps cut off.</param>
/// <param name="Location">Where a redirect leads, without its query; null where it is none.</param>
internal sealed record HttpAnswer(int Status, ReadOnlyMemory<byte> Body, string? Location)
{
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>Status, and where a redirect leads: <c>302 to http://…</c>.</summary>
    public string Shown => Location is null ? $"{Status}" : $"{Status} to {Location}, which is not followed";

    /// <exception cref="JsonException">The body is none.</exception>
    public JsonDocument Json() => JsonDocument.Parse(Body, new JsonDocumentOptions { MaxDepth = 64 });
}
