using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.EndToEndTests.Action;

/// <summary>
/// GitHub's expressions, as far as the action and the workflows use them: contexts, strings, parentheses, <c>==</c>, <c>!=</c>, <c>&amp;&amp;</c>, <c>||</c>, <c>always()</c>.
/// Source: docs.github.com/actions/reference/workflows-and-actions/expressions. What is not known fails the test.
/// </summary>
internal sealed partial class Expression
{
    private readonly string[] tokens;
    private readonly Func<string, string> context;
    private int at;

    private Expression(string text, Func<string, string> context)
    {
        tokens = [.. Token().Matches(text).Select(m => m.Value)];
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), string.Concat(tokens).Replace(" ", "", StringComparison.Ordinal));
        this.context = context;
    }

    public bool UsesAlways { get; private set; }

    /// <summary>All <c>${{ … }}</c> of a text.</summary>
    public static string Fill(string text, Func<string, string> context) => Hole().Replace(text, m => Evaluate(m.Groups[1].Value, context));

    /// <summary>Of <c>if:</c>. Without <c>always()</c> it also wants that nothing has failed.</summary>
    public static bool IsTrue(string? condition, bool hasFailed, Func<string, string> context)
    {
        if (condition is null)
        {
            return !hasFailed;
        }

        var expression = new Expression(condition, context);
        var value = expression.Whole();
        return value is not ("" or "false") && (expression.UsesAlways || !hasFailed);
    }

    private static string Evaluate(string text, Func<string, string> context) => new Expression(text, context).Whole();

    private string Whole()
    {
        var value = Or();
        Assert.Equal(tokens.Length, at);
        return value;
    }

    private string Or()
    {
        var value = And();
        while (Take("||"))
        {
            var right = And();
            value = value is "" or "false" ? right : value;
        }

        return value;
    }

    private string And()
    {
        var value = Comparison();
        while (Take("&&"))
        {
            var right = Comparison();
            value = value is "" or "false" ? value : right;
        }

        return value;
    }

    private string Comparison()
    {
        var left = Primary();
        // GitHub compares strings without their case.
        return Take("==") ? Word(string.Equals(left, Primary(), StringComparison.OrdinalIgnoreCase))
            : Take("!=") ? Word(!string.Equals(left, Primary(), StringComparison.OrdinalIgnoreCase))
            : left;
    }

    private string Primary()
    {
        var token = tokens[at++];
        if (token == "always()")
        {
            UsesAlways = true;
            return "true";
        }

        if (token == "(")
        {
            var value = Or();
            Assert.True(Take(")"), "a parenthesis is not closed");
            return value;
        }

        return token[0] == '\'' ? token[1..^1] : context(token);
    }

    private bool Take(string token)
    {
        var taken = at < tokens.Length && tokens[at] == token;
        at += taken ? 1 : 0;
        return taken;
    }

    private static string Word(bool value) => value ? "true" : "false";

    [GeneratedRegex(@"\$\{\{\s*(.*?)\s*\}\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"'[^']*'|\|\||&&|==|!=|always\(\)|[()]|[A-Za-z_][\w.-]*")]
    private static partial Regex Token();
}
