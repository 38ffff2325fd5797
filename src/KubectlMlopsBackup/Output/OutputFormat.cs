namespace KubectlMlopsBackup.Output;

/// <summary>What <c>-o</c> may say.</summary>
internal enum OutputFormat
{
    Table,
    Wide,
    Json,
    Yaml,
    Name,

    /// <summary>A line of JSON for whatever happens, the result being the last: what Jobs write into their logs.</summary>
    Events,

    /// <summary>A folder for kustomize: of <c>render</c> only.</summary>
    Kustomize,
}
