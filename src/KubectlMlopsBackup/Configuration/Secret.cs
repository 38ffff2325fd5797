using System.Text;

namespace KubectlMlopsBackup.Configuration;

/// <summary>A secret and where it came from. Not a record: those print their values.</summary>
/// <param name="source">For messages: the file or the variable, never the value.</param>
/// <param name="warning">What is unsafe about the place it came from; null where nothing is.</param>
internal sealed class Secret(string value, string source, string? warning = null)
{
    public string Source => source;

    public string? Warning => warning;

    public string Reveal() => value;

    public byte[] RevealUtf8() => Encoding.UTF8.GetBytes(value);

    public override string ToString() => $"(secret from {source})";
}
