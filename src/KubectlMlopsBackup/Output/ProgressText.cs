namespace KubectlMlopsBackup.Output;

/// <summary>The words of a progress line.</summary>
internal static class ProgressText
{
    private const int BarWidth = 20;

    /// <summary><c>reading artifacts: 45.2%, 1.2 GiB of 2.7 GiB, 1,234 of 5,678 files, 310.0 MiB stored, 120.5 MiB/s, 12s left</c></summary>
    public static string Line(ProgressSnapshot progress) =>
        Name(progress) + ": " + string.Join(", ", Figures(progress, progress.Part is { } part ? Humanize.Percent(part) : null));

    /// <summary>As <see cref="Line"/>, with a bar in place of the colon; just as long as it may be.</summary>
    public static string Bar(ProgressSnapshot progress, int width)
    {
        var head = Name(progress) + " ";
        if (progress.Part is { } part)
        {
            var full = (int)(part * BarWidth);
            head += $"[{new string('=', full)}{(full < BarWidth ? ">" : "")}{new string(' ', Math.Max(BarWidth - full - 1, 0))}] {Humanize.Percent(part)}  ";
        }

        return PlainText.Cut(head + string.Join("  ", Figures(progress, null)), width);
    }

    /// <summary><c>reading artifacts: ended after 3m12s, …</c></summary>
    public static string Final(ProgressSnapshot progress) =>
        $"{Name(progress)}: ended after {Humanize.Duration(progress.Elapsed)}, " + string.Join(", ", Figures(progress, null));

    private static string Name(ProgressSnapshot progress) => PlainText.Clean(progress.Phase ?? "working");

    private static IEnumerable<string> Figures(ProgressSnapshot progress, string? percent)
    {
        if (percent is not null)
        {
            yield return percent;
        }

        yield return progress.BytesTotal is { } bytes
            ? $"{Humanize.Bytes(progress.BytesDone)} of {Humanize.Bytes(bytes)}"
            : Humanize.Bytes(progress.BytesDone);
        yield return progress.FilesTotal is { } files
            ? $"{Humanize.Count(progress.FilesDone)} of {Humanize.Count(files)} files"
            : $"{Humanize.Count(progress.FilesDone)} files";
        if (progress.BytesStored > 0)
        {
            yield return $"{Humanize.Bytes(progress.BytesStored)} stored";
        }

        yield return Humanize.Rate(progress.BytesPerSecond);
        if (progress.Remaining is { } remaining)
        {
            yield return $"{Humanize.Duration(TimeSpan.FromSeconds(Math.Ceiling(remaining.TotalSeconds)))} left";
        }
    }
}
