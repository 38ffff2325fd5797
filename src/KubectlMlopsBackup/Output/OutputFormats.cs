namespace KubectlMlopsBackup.Output;

internal static class OutputFormats
{
    public const string Wanted = "table, wide, json, yaml, name or events";

    /// <param name="text">The value of <c>-o</c>; null means <see cref="OutputFormat.Table"/>.</param>
    /// <exception cref="UserError">It is none of the six.</exception>
    public static OutputFormat Parse(string? text) => text switch
    {
        null or "table" => OutputFormat.Table,
        "wide" => OutputFormat.Wide,
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        "name" => OutputFormat.Name,
        "events" => OutputFormat.Events,
        _ => throw new UserError($"--output: got \"{PlainText.Clean(text)}\"", $"use {Wanted}", ExitCode.Usage),
    };
}
