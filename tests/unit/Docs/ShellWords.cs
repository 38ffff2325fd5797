using System.Text;

namespace KubectlMlopsBackup.UnitTests.Docs;

/// <summary>The commands of a line for a shell: enough of one for what a page shows, and nothing is run.</summary>
internal static class ShellWords
{
    private const string Separators = "|;&\n()";

    /// <returns>Each command's words, without quotes, comments and redirections.</returns>
    public static IEnumerable<IReadOnlyList<string>> Commands(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isWord = false;
        var skip = false;

        void End()
        {
            if (isWord && !skip)
            {
                words.Add(word.ToString());
            }

            skip &= !isWord;
            isWord = false;
            word.Clear();
        }

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length)
            {
                i++;
                if (text[i] != '\n')
                {
                    isWord = true;
                    word.Append(text[i]);
                }
            }
            else if (c is '\'' or '"' && text.IndexOf(c, i + 1) is > 0 and var end)
            {
                isWord = true;
                word.Append(text, i + 1, end - i - 1);
                i = end;
            }
            else if (c == '#' && !isWord)
            {
                i = text.IndexOf('\n', i) is >= 0 and var line ? line - 1 : text.Length;
            }
            else if (c == '$' && i + 1 < text.Length && text[i + 1] == '(' && text.IndexOf(')', i) is > 0 and var close)
            {
                // What a program prints is one word, whatever it is.
                isWord = true;
                word.Append("printed");
                i = close;
            }
            else if (Separators.Contains(c, StringComparison.Ordinal))
            {
                End();
                if (words.Count > 0)
                {
                    yield return words;
                    words = [];
                }

                skip = false;
            }
            else if (c is '>' or '<' && !IsPlaceholder(text, i))
            {
                // The number before it is no word.
                if (!(isWord && word.Length == 1 && char.IsAsciiDigit(word[0])))
                {
                    End();
                }

                isWord = false;
                word.Clear();
                skip = true;
                i += i + 1 < text.Length && text[i + 1] == c ? 1 : 0;
            }
            else if (char.IsWhiteSpace(c))
            {
                End();
            }
            else
            {
                isWord = true;
                word.Append(c);
            }
        }

        End();
        if (words.Count > 0)
        {
            yield return words;
        }
    }

    /// <summary><c>&lt;TAB&gt;</c>: to be pressed, not to be read from.</summary>
    private static bool IsPlaceholder(string text, int at) => string.CompareOrdinal(text, at, "<TAB>", 0, 5) == 0 || (at >= 4 && string.CompareOrdinal(text, at - 4, "<TAB>", 0, 5) == 0);
}
