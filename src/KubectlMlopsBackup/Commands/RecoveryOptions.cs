using System.CommandLine;
using KubectlMlopsBackup.Recovery.Sources;

namespace KubectlMlopsBackup.Commands;

/// <summary>What <c>drill</c> and <c>recover</c> have in common.</summary>
internal static class RecoveryOptions
{
    public static readonly Option<string> Point = new("--point")
    {
        Description = "The first digits of a recovery point's id. Default: the newest complete one.",
        HelpName = "ID",
    };

    public static readonly Option<string[]> Report = new("--report")
    {
        Description = "Write the report to this file too: .html, .md, .json or .xml (JUnit). May be given again.",
        HelpName = "FILE",
    };

    /// <exception cref="UserError">They exclude each other, or one cannot be read.</exception>
    public static PointSelection Read(ParseResult parsed, bool random)
    {
        var point = parsed.GetValue(Point);
        DateTimeOffset? at = parsed.GetValue(SelectionOptions.At) is { } text ? SelectionOptions.Time(text) : null;
        return (point is not null ? 1 : 0) + (at is not null ? 1 : 0) + (random ? 1 : 0) <= 1
            ? new PointSelection(point, at, random)
            : throw new UserError("--point, --at and --random exclude each other", "give one of them", ExitCode.Usage);
    }
}
