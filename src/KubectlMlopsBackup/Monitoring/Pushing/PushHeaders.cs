using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Monitoring.Pushing;

/// <summary>Request headers from a secret: one <c>Name: value</c> a line. They are in no message.</summary>
internal static class PushHeaders
{
    private const int Most = 20;

    /// <exception cref="UserError">They cannot be read, or are no headers.</exception>
    public static IReadOnlyList<(string Name, string Value)> Read(PushSpec to)
    {
        var secret = to switch
        {
            { HeadersFile: { } file } => SecretResolver.FromFile("spec.monitoring.push headersFile", file),
            { HeadersEnv: { } name } => new SecretResolver().FromEnvironment("spec.monitoring.push headersEnv", name),
            _ => null,
        };
        return secret is null ? [] : Parse(secret.Reveal());
    }

    /// <exception cref="UserError">They are no headers.</exception>
    public static IReadOnlyList<(string Name, string Value)> Parse(string text)
    {
        var headers = new List<(string, string)>();
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        using var probe = new HttpRequestMessage();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
            {
                continue;
            }

            if (lines[i].Split(':', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } name, { Length: > 0 } value]
                || !probe.Headers.TryAddWithoutValidation(name, value) || value.Any(char.IsControl) || headers.Count == Most)
            {
                throw new UserError($"line {i + 1} of its headers is no request header", "write one header a line, such as Authorization: Bearer TOKEN");
            }

            headers.Add((name, value));
        }

        return headers;
    }
}
