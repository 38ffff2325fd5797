namespace KubectlMlopsBackup.Monitoring;

/// <summary>What is served: made in the background, so that a scrape costs nothing and a slow cluster delays none.</summary>
/// <param name="Text">OpenMetrics.</param>
/// <param name="Time">When it was read.</param>
internal sealed record Scrape(string Text, DateTimeOffset Time);
