namespace KubectlMlopsBackup.Output;

/// <param name="Header">Written in upper case.</param>
/// <param name="WideOnly">Shown with <c>-o wide</c> only.</param>
/// <param name="Spare">Left out where the terminal is too narrow for all, the last of them first; never with <c>-o wide</c>.</param>
internal sealed record TableColumn(string Header, bool WideOnly = false, bool Spare = false);
