namespace KubectlMlopsBackup.Output;

/// <summary>Colour for a few words, where there is colour.</summary>
internal sealed class Paint(bool enabled)
{
    public string Red(string text) => With("31", text);

    public string Green(string text) => With("32", text);

    public string Yellow(string text) => With("33", text);

    public string Bold(string text) => With("1", text);

    private string With(string code, string text) => enabled ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
