namespace KubectlMlopsBackup;

internal static class Program
{
    private static int Main() => (int)ExitCode.Usage;
}
