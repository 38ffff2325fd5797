using System.Globalization;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>Versions in the order of semver.org, version 2, number 11.</summary>
internal static class ProgramVersion
{
    /// <returns>Less than 0 where <paramref name="a"/> is the older; what is no version is older than all.</returns>
    public static int Compare(string a, string b)
    {
        var (numbersA, previewA) = Parts(a);
        var (numbersB, previewB) = Parts(b);
        for (var i = 0; i < Math.Max(numbersA.Length, numbersB.Length); i++)
        {
            var order = Part(numbersA, i).CompareTo(Part(numbersB, i));
            if (order != 0)
            {
                return order;
            }
        }

        return (previewA.Length, previewB.Length) switch
        {
            (0, 0) => 0,
            (0, _) => 1,
            (_, 0) => -1,
            _ => ComparePreviews(previewA, previewB),
        };
    }

    private static int ComparePreviews(string[] a, string[] b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var order = (Number(a[i]), Number(b[i])) switch
            {
                ({ } x, { } y) => x.CompareTo(y),
                ({ }, null) => -1,
                (null, { }) => 1,
                _ => string.CompareOrdinal(a[i], b[i]),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private static (long[] Numbers, string[] Preview) Parts(string version)
    {
        var text = version.TrimStart('v').Split('+')[0];
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var numbers = (dash < 0 ? text : text[..dash]).Split('.').Select(n => Number(n) ?? -1);
        return ([.. numbers], dash < 0 ? [] : text[(dash + 1)..].Split('.'));
    }

    private static long Part(long[] numbers, int i) => i < numbers.Length ? numbers[i] : 0;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
