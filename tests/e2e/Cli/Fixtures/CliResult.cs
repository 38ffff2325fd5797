using System.Text;
using System.Text.Json;

namespace KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

/// <param name="Command">As it was typed, for messages.</param>
/// <param name="Code">The process's; 128 + n where signal n ended it.</param>
/// <param name="OutputBytes">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CliResult(string Command, int Code, byte[] OutputBytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(OutputBytes);
            return document.RootElement.Clone();
        }
    }

    public CliResult Expect(ExitCode code)
    {
        Assert.True(Code == (int)code, $"{Command}\nended with {Code}, not {(int)code} ({code})\n{Output}\n{Error}");
        return this;
    }

    /// <summary>What happened names each of these, and there is no stack trace among it.</summary>
    public CliResult Says(params string[] words)
    {
        foreach (var word in words)
        {
            Assert.True(Error.Contains(word, StringComparison.Ordinal), $"{Command}\ndoes not say \"{word}\":\n{Error}");
        }

        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("this is a bug", Error, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Beside <see cref="Says"/>, a line that says what to do.</summary>
    public CliResult SaysWithFix(params string[] words) => Says([.. words, "  fix: "]);
}
