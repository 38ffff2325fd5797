namespace KubectlMlopsBackup.EndToEndTests.Monitoring;

/// <param name="Series">Of <see cref="QuietYear.Write"/>.</param>
/// <param name="Alerts">A selector of Prometheus' own series of alerts.</param>
/// <param name="Days">How long it goes on.</param>
/// <param name="Fires">It is there at the end, and was not on day 19; or it was never there.</param>
internal sealed record AlertCase(string Name, string Series, string Alerts, int Days, bool Fires);
