namespace KubectlMlopsBackup.Testing;

internal sealed class InjectedFaultException(string message) : IOException(message);
