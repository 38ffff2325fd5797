using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Diagnostics.Bundle;

/// <summary>
/// Takes secrets out of text: the values that are known, and whatever looks like one. Rather one too many: who needs what was taken out can be asked for it.
/// </summary>
/// <param name="known">Values of Secrets, as far as the caller may read them.</param>
internal sealed partial class Redactor(IEnumerable<string> known)
{
    public const string Mark = "[redacted]";

    /// <summary>Shorter ones are words, or numbers of ports.</summary>
    private const int ShortestKnown = 6;

    /// <summary>Longest first, so that none is cut in two by another.</summary>
    private readonly IReadOnlyList<string> known =
        [.. known.SelectMany(Lines).Where(v => v.Length >= ShortestKnown).Distinct(StringComparer.Ordinal).OrderByDescending(v => v.Length)];

    private static readonly Regex[] Whole = [PemBlock(), CutPem(), AccessKeyId(), JsonWebToken(), Webhook(), VendorToken()];

    /// <summary>Each has the secret as its last group.</summary>
    private static readonly Regex[] After = [UrlPassword(), AuthorizationHeader(), FlagValue(), NamedValue()];

    public string Text(string text)
    {
        foreach (var value in known)
        {
            text = text.Replace(value, Mark, StringComparison.Ordinal);
        }

        foreach (var pattern in Whole)
        {
            text = pattern.Replace(text, Mark);
        }

        foreach (var pattern in After)
        {
            text = pattern.Replace(text, m => string.Concat(m.Value.AsSpan(0, m.Groups["secret"].Index - m.Index), Mark, m.Value.AsSpan(m.Groups["secret"].Index - m.Index + m.Groups["secret"].Length)));
        }

        return text;
    }

    /// <summary>Whether something of this name is a secret, whatever it looks like.</summary>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    /// <summary>A value of several lines may stand in a log line by line, and every one is as telling.</summary>
    private static IEnumerable<string> Lines(string value) => value.Contains('\n', StringComparison.Ordinal)
        ? value.Split('\n').Select(l => l.Trim()).Prepend(value.Trim())
        : [value.Trim()];

    private const string Names =
        "pass(word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|key[_-]?data|credentials?|signature|sig|webhook|dsn|cookie|kek";

    [GeneratedRegex("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?-----END [A-Z0-9 ]*PRIVATE KEY-----", RegexOptions.Singleline)]
    private static partial Regex PemBlock();

    /// <summary>One whose end was cut off, or whose lines stand in a JSON text.</summary>
    [GeneratedRegex("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(\\\\n|[\\sA-Za-z0-9+/=])*")]
    private static partial Regex CutPem();

    [GeneratedRegex("\\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\\b")]
    private static partial Regex AccessKeyId();

    [GeneratedRegex("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}(\\.[A-Za-z0-9_-]*)?")]
    private static partial Regex JsonWebToken();

    [GeneratedRegex("https://(hooks\\.slack\\.com|[a-z0-9.-]+\\.webhook\\.office\\.com|discord(app)?\\.com/api/webhooks|chat\\.googleapis\\.com)[^\\s\"'<>]*", RegexOptions.IgnoreCase)]
    private static partial Regex Webhook();

    [GeneratedRegex("\\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{20,})")]
    private static partial Regex VendorToken();

    [GeneratedRegex("[a-z][a-z0-9+.-]*://[^\\s/:@\"']*:(?<secret>[^\\s@\"']+)@", RegexOptions.IgnoreCase)]
    private static partial Regex UrlPassword();

    [GeneratedRegex("\\b(bearer|basic)\\s+(?<secret>[A-Za-z0-9._~+/=-]{6,})", RegexOptions.IgnoreCase)]
    private static partial Regex AuthorizationHeader();

    [GeneratedRegex("--[a-z-]*(" + Names + ")[a-z-]*[ =](?<secret>[^\\s\"',]+)", RegexOptions.IgnoreCase)]
    private static partial Regex FlagValue();

    /// <summary>A reference, such as <c>passwordSecret: {name: …}</c>, is none.</summary>
    [GeneratedRegex("(" + Names + ")[a-z0-9_-]*\\\\?[\"']?\\s*[:=]\\s*(?<secret>\\\\?\"[^\"]*\"|'[^']*'|[^\\s\"'{}\\[\\],;&]+)", RegexOptions.IgnoreCase)]
    private static partial Regex NamedValue();

    [GeneratedRegex(Names, RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
