using System.Text;
using System.Net;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>Writes a report for people and for programs.</summary>
internal static class ReportRenderer
{
    /// <param name="id">Of the stored report; null where it is not stored.</param>
    public static string Render(RecoveryReport report, ReportFormat format, string? id = null) => format switch
    {
        ReportFormat.Html => TemplateRenderer.Render("report/report.html.sbn", new ReportModel(report, id, Html).Make()),
        ReportFormat.Markdown => TemplateRenderer.Render("report/report.md.sbn", new ReportModel(report, id, Markdown).Make()),
        ReportFormat.JUnit => JUnitReport.Write(report),
        _ => Json(report),
    };

    /// <summary>Also of a quoted attribute.</summary>
    internal static string Html(string text) => WebUtility.HtmlEncode(PlainText.Clean(text));

    /// <summary>
    /// One line in a table's cell: what Markdown or HTML would take for its own is said as the character it is. GitHub's <c>@name</c> and <c>#1</c>, too.
    /// </summary>
    internal static string Markdown(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in PlainText.Clean(text))
        {
            safe.Append(c switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '|' or '\\' or '`' or '*' or '_' or '[' or ']' or '~' or '@' or '#' or '$' or '!' => $"&#{(int)c};",
                _ => c.ToString(),
            });
        }

        // An address would be made a link, whatever it leads to.
        return safe.ToString().Replace("://", "&#58;//", StringComparison.Ordinal).Replace("www.", "www&#46;", StringComparison.OrdinalIgnoreCase);
    }

    private static string Json(RecoveryReport report)
    {
        using var text = new StringWriter();
        JsonPrinter.Write(text, report, ReportJson.Default.RecoveryReport);
        return text.ToString();
    }
}
