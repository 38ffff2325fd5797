namespace KubectlMlopsBackup.Diagnostics;

/// <summary>What one check has seen.</summary>
/// <param name="Check">The check's id.</param>
/// <param name="Fault">What is wrong: a section of docs/troubleshooting.md. Null where nothing is.</param>
/// <param name="Title">The fault in the words of that section; null where nothing is wrong.</param>
/// <param name="Evidence">What was seen, or why it was not looked at. One line.</param>
/// <param name="Fix">A command to type, or a field to change; null where nothing is wrong.</param>
internal sealed record Finding(string Check, FindingVerdict Verdict, string? Fault, string? Title, string Evidence, string? Fix);
