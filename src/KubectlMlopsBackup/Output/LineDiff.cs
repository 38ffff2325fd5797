namespace KubectlMlopsBackup.Output;

/// <summary>What differs between two texts, as the lines of a unified diff without its headers.</summary>
internal static class LineDiff
{
    private const int Context = 2;

    /// <summary>Lines. Past it the texts are shown one after the other: the table below grows with the square.</summary>
    private const int Most = 4000;

    /// <returns>Empty where nothing differs.</returns>
    public static IReadOnlyList<string> Of(string before, string after)
    {
        if (before == after)
        {
            return [];
        }

        string[] a = Lines(before), b = Lines(after);
        if (a.Length > Most || b.Length > Most)
        {
            return [.. a.Select(l => $"-{l}"), .. b.Select(l => $"+{l}")];
        }

        return Hunks(Walk(a, b, Common(a, b)));
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    /// <summary>Length of the longest common part of what follows a line of each.</summary>
    private static int[,] Common(string[] a, string[] b)
    {
        var length = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                length[i, j] = a[i] == b[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }

        return length;
    }

    private static List<string> Walk(string[] a, string[] b, int[,] common)
    {
        var lines = new List<string>(a.Length + b.Length);
        int i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                lines.Add($" {a[i++]}");
                j++;
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add($"-{a[i++]}");
            }
            else
            {
                lines.Add($"+{b[j++]}");
            }
        }

        return lines;
    }

    /// <summary>Leaves out what is the same, but for a few lines around what is not.</summary>
    private static List<string> Hunks(List<string> lines)
    {
        var shown = new List<string>();
        var last = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            var from = Math.Max(0, i - Context);
            if (!lines.GetRange(from, Math.Min(lines.Count, i + Context + 1) - from).Exists(l => l[0] != ' '))
            {
                continue;
            }

            if (last >= 0 && i > last + 1)
            {
                shown.Add("@@");
            }

            shown.Add(lines[i]);
            last = i;
        }

        return shown;
    }
}
