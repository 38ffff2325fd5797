using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KubectlMlopsBackup.Output;

/// <summary>Prints a verb's result in the format that was asked for.</summary>
/// <param name="terminalWidth">Null where the output is no terminal.</param>
internal sealed class ResultPrinter(TextWriter output, OutputFormat format, int? terminalWidth = null)
{
    /// <param name="table">Called for table and wide only.</param>
    /// <param name="names">Called for name only; such as <c>snapshot/4f2a…</c>, one a line.</param>
    public void Print<T>(T result, JsonTypeInfo<T> type, Func<T, TableWriter> table, Func<T, IEnumerable<string>> names)
    {
        switch (format)
        {
            case OutputFormat.Json:
                JsonPrinter.Write(output, result, type);
                break;
            case OutputFormat.Events:
                JsonPrinter.WriteLine(
                    output,
                    new ProgressEvent { Type = "result", Time = DateTimeOffset.UtcNow, Result = JsonSerializer.SerializeToElement(result, type) },
                    ProgressJsonContext.Default.ProgressEvent);
                break;
            case OutputFormat.Yaml:
                YamlPrinter.Write(output, result, type);
                break;
            case OutputFormat.Name:
                foreach (var name in names(result))
                {
                    output.Write(PlainText.Clean(name) + "\n");
                }

                break;
            default:
                table(result).Write(output, format == OutputFormat.Wide, terminalWidth);
                break;
        }
    }
}
