using System.Reflection;

namespace KubectlMlopsBackup;

internal static class ToolVersion
{
    /// <summary>Such as <c>1.2.3</c>.</summary>
    public static string Current { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
