namespace KubectlMlopsBackup.Output;

internal static class OutputFormats
{
    public const string Wanted = "table, wide, json, yaml, name or events";

    /// <param name="text">The value of <c>-o</c>; null means <see cref="OutputFormat.Table"/>.</param>
    /// <param name="kustomize">The verb knows <see cref="OutputFormat.Kustomize"/>, too.</param>
    /// <exception cref="UserError">It is none of these.</exception>
    public static OutputFormat Parse(string? text, bool kustomize = false) =>
        TryParse(text, kustomize) ?? throw new UserError($"--output: got \"{PlainText.Clean(text!)}\"", $"use {Wanted}", ExitCode.Usage);

    /// <returns>Null where it is none of these.</returns>
    public static OutputFormat? TryParse(string? text, bool kustomize = false) => text switch
    {
        null or "table" => OutputFormat.Table,
        "wide" => OutputFormat.Wide,
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        "name" => OutputFormat.Name,
        "events" => OutputFormat.Events,
        "kustomize" when kustomize => OutputFormat.Kustomize,
        _ => null,
    };
}
