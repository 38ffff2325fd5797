using System.Globalization;

namespace KubectlMlopsBackup.Output;

/// <summary>What a stream of the process leads to.</summary>
/// <param name="IsTerminal">A person looks at it, and it can rewrite a line.</param>
/// <param name="HasColor">As <see cref="IsTerminal"/>, unless NO_COLOR (no-color.org) is set; <c>--color</c> counts over both.</param>
/// <param name="HasUnicode">The locale says UTF-8; on Windows, the console's code page does.</param>
internal sealed record Terminal(bool IsTerminal, bool HasColor, bool HasUnicode = false)
{
    /// <summary>What <c>--color</c> may say.</summary>
    public const string AutoColor = "auto";
    public const string AlwaysColor = "always";
    public const string NeverColor = "never";

    private const int UsualWidth = 80;

    /// <summary>The first that is set counts, as in setlocale(3).</summary>
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    public static Terminal Output(string? color = null) => Detect(Console.IsOutputRedirected, Environment.GetEnvironmentVariable, color);

    public static Terminal Error(string? color = null) => Detect(Console.IsErrorRedirected, Environment.GetEnvironmentVariable, color);

    internal static Terminal Detect(bool redirected, Func<string, string?> environment, string? color = null)
    {
        var isTerminal = !redirected && environment("TERM") != "dumb";
        var hasColor = color switch
        {
            AlwaysColor => true,
            NeverColor => false,
            _ => isTerminal && string.IsNullOrEmpty(environment("NO_COLOR")),
        };
        return new Terminal(isTerminal, hasColor, IsUtf8(environment));
    }

    private static bool IsUtf8(Func<string, string?> environment)
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OutputEncoding.CodePage == 65001;
        }

        var locale = LocaleVariables.Select(environment).FirstOrDefault(l => !string.IsNullOrEmpty(l)) ?? "";
        return locale.Contains("utf-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Characters a line; asked anew each time, since windows are resized.</summary>
    public static int Width()
    {
        try
        {
            if (Console.WindowWidth > 0)
            {
                return Console.WindowWidth;
            }
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            // No window behind standard output; standard error may still have one of the usual width.
        }

        return int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0
            ? columns
            : UsualWidth;
    }
}
