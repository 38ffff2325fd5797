using System.Globalization;
using System.Text;
using System.Xml;
using KubectlMlopsBackup.Recovery.Checks;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>Steps, checks, counts and targets as the test cases that CI systems know.</summary>
internal static class JUnitReport
{
    private sealed record Case(string Class, string Name, double Seconds, string? Failure, string? Skipped, string? Output);

    public static string Write(RecoveryReport report)
    {
        var cases = Cases(report).ToList();
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true, CheckCharacters = true }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Clean($"{ReportWords.Of(report.Kind)} {report.Plan}"));
            xml.WriteAttributeString("tests", Number(cases.Count));
            xml.WriteAttributeString("failures", Number(cases.Count(c => c.Failure is not null)));
            xml.WriteAttributeString("errors", "0");
            xml.WriteAttributeString("skipped", Number(cases.Count(c => c.Skipped is not null)));
            xml.WriteAttributeString("time", Seconds(report.Duration().TotalSeconds));
            xml.WriteAttributeString("timestamp", report.Started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
            foreach (var one in cases)
            {
                Write(xml, one);
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{text}\n";
    }

    private static void Write(XmlWriter xml, Case one)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", one.Class);
        xml.WriteAttributeString("name", Clean(one.Name));
        xml.WriteAttributeString("time", Seconds(one.Seconds));
        if (one.Failure is { } failure)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", Clean(failure));
            xml.WriteEndElement();
        }
        else if (one.Skipped is { } skipped)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", Clean(skipped));
            xml.WriteEndElement();
        }

        if (one.Output is { } output)
        {
            xml.WriteElementString("system-out", Clean(output));
        }

        xml.WriteEndElement();
    }

    private static IEnumerable<Case> Cases(RecoveryReport report)
    {
        foreach (var step in report.Steps)
        {
            yield return new Case(
                "step",
                step.Name,
                step.Seconds,
                step.Outcome is StepOutcome.Failed or StepOutcome.Incomplete ? step.Detail ?? "no reason was given" : null,
                step.Outcome is StepOutcome.Skipped or StepOutcome.NotRun ? step.Detail ?? "not run" : null,
                step.Outcome == StepOutcome.Done ? step.Detail : null);
        }

        foreach (var check in report.Checks)
        {
            yield return new Case(
                "check",
                check.Name,
                check.Seconds,
                check.Outcome is CheckOutcome.Failed or CheckOutcome.Warned ? check.Evidence : null,
                check.Outcome == CheckOutcome.Skipped ? check.Evidence : null,
                check.Outcome == CheckOutcome.Passed ? check.Evidence : null);
        }

        foreach (var count in report.Counts)
        {
            yield return new Case(
                "count",
                count.Name,
                0,
                count.IsEqual ? null : $"{ReportWords.Count(count, count.Actual)} instead of {ReportWords.Count(count, count.Expected)}",
                null,
                ReportWords.Count(count, count.Actual));
        }

        foreach (var (name, measure) in new[] { ("RTO", report.Rto), ("RPO", report.Rpo) })
        {
            if (measure is not null)
            {
                var words = $"{ReportWords.Time(measure.Seconds)} of {ReportWords.Time(measure.TargetSeconds)}";
                yield return new Case("target", name, 0, measure.IsMet ? null : words, null, measure.IsMet ? words : null);
            }
        }

        if (report.Error is { } error)
        {
            yield return new Case("run", ReportWords.Of(report.Kind), report.Duration().TotalSeconds, error, null, null);
        }
    }

    /// <summary>XML has no way to say most control characters, and none to say half a surrogate pair.</summary>
    private static string Clean(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            safe.Append(rune.Value is '\t' or '\n' or (>= 0x20 and not (0xFFFE or 0xFFFF) and not (>= 0x7F and <= 0x9F)) ? rune.ToString() : "\uFFFD");
        }

        return safe.ToString();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => (double.IsFinite(seconds) ? seconds : 0).ToString("0.000", CultureInfo.InvariantCulture);
}
