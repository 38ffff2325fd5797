namespace KubectlMlopsBackup.Output;

/// <param name="Header">Written in upper case.</param>
/// <param name="WideOnly">Shown with <c>-o wide</c> only.</param>
internal sealed record TableColumn(string Header, bool WideOnly = false);
