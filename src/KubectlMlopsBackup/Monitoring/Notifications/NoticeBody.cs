using System.Globalization;
using System.Text;
using System.Text.Json;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using Scriban.Runtime;

namespace KubectlMlopsBackup.Monitoring.Notifications;

/// <summary>What is sent.</summary>
internal static class NoticeBody
{
    private const int LongestText = 2000;

    /// <exception cref="Scriban.Syntax.ScriptRuntimeException">The plan's template asks for what is not there.</exception>
    public static string Of(NotificationSpec to, Notice notice) =>
        to.IsSlack() ? Slack(notice)
        : to.Template is { } template ? TemplateRenderer.RenderText(template, $"spec.notifications {to.Name}", Model(notice, to.ContentType.Contains("json", StringComparison.OrdinalIgnoreCase)))
        : Json(json => Write(json, notice));

    private static string Slack(Notice notice)
    {
        var text = new StringBuilder(notice.IsDone ? ":white_check_mark: " : ":x: ")
            .Append(CultureInfo.InvariantCulture, $"*{Escape(notice.Plan)}*: {Escape(notice.Verb)}: *{Escape(notice.Outcome)}* after {Humanize.Duration(TimeSpan.FromSeconds(notice.Seconds))}");
        if (notice.Message is { } message)
        {
            text.Append('\n').Append(Escape(message));
        }

        if (notice.Fix is { } fix)
        {
            text.Append("\nfix: ").Append(Escape(fix));
        }

        return Json(json => json.WriteString("text", text.ToString()));
    }

    /// <summary>As Slack wants it; so nobody is called by a name in an error either.</summary>
    private static string Escape(string text) => Clean(text)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static void Write(Utf8JsonWriter json, Notice notice)
    {
        json.WriteString("plan", notice.Plan);
        json.WriteString("verb", notice.Verb);
        json.WriteString("outcome", notice.Outcome);
        json.WriteNumber("exitCode", notice.ExitCode);
        json.WriteString("message", Clean(notice.Message ?? ""));
        json.WriteString("fix", Clean(notice.Fix ?? ""));
        json.WriteNumber("seconds", Math.Round(notice.Seconds, 1));
        json.WriteString("host", notice.Host);
        json.WriteString("time", notice.Time);
        json.WriteString("version", ToolVersion.Current);
    }

    /// <param name="escaped">Texts are as they stand between the quotes of JSON.</param>
    private static ScriptObject Model(Notice notice, bool escaped)
    {
        string Text(string? text) => escaped ? JsonEncodedText.Encode(Clean(text ?? "")).ToString() : Clean(text ?? "");
        return new ScriptObject
        {
            ["plan"] = Text(notice.Plan),
            ["verb"] = Text(notice.Verb),
            ["outcome"] = Text(notice.Outcome),
            ["done"] = notice.IsDone,
            ["exitCode"] = notice.ExitCode,
            ["message"] = Text(notice.Message),
            ["fix"] = Text(notice.Fix),
            ["seconds"] = Math.Round(notice.Seconds, 1),
            ["host"] = Text(notice.Host),
            ["time"] = Text(notice.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            ["version"] = Text(ToolVersion.Current),
        };
    }

    private static string Clean(string text) => PlainText.Cut(PlainText.Clean(text), LongestText);

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
