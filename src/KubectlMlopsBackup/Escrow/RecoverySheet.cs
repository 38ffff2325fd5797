using System.Net;
using System.Text;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using Scriban.Runtime;

namespace KubectlMlopsBackup.Escrow;

/// <summary>What is needed to open the repositories when all else is gone: on one page, to be kept on paper.</summary>
/// <param name="Plan">Its name, which the snapshots carry.</param>
/// <param name="Created">When.</param>
/// <param name="Passphrase">The recovery passphrase. A secret.</param>
/// <param name="Repositories">That it opens.</param>
internal sealed record RecoverySheet(string Plan, DateTimeOffset Created, string Passphrase, IReadOnlyList<RecoverySheetRepository> Repositories)
{

    /// <summary>A page to print, with nothing in it that is elsewhere.</summary>
    public string Html() => TemplateRenderer.Render("escrow/sheet.html.sbn", Model(WebUtility.HtmlEncode, Svg()));

    /// <summary>The same as plain text, the code in block letters.</summary>
    public string Text() => TemplateRenderer.Render("escrow/sheet.txt.sbn", Model(t => t, Blocks()));

    /// <summary>True where the code is dark; with the white border.</summary>
    public bool[][] Modules() => QrCode.Of(Passphrase);

    private ScriptObject Model(Func<string?, string?> encode, string code) => new()
    {
        ["plan"] = encode(Plan),
        ["created"] = $"{Created:yyyy-MM-dd HH:mm} UTC",
        ["tool"] = encode(ToolVersion.Current),
        ["passphrase"] = encode(Passphrase),
        ["code"] = code,
        ["repositories"] = new ScriptArray(Repositories.Select(r => new ScriptObject
        {
            ["name"] = encode(PlainText.Clean(r.Name)),
            ["address"] = encode(PlainText.Clean(r.Address)),
            ["id"] = encode(r.Id),
            ["key"] = encode(r.KeyId),
            ["place"] = encode(PlainText.Clean(r.Place)),
        })),
    };

    private string Svg()
    {
        var modules = Modules();
        var path = new StringBuilder();
        for (var y = 0; y < modules.Length; y++)
        {
            for (var x = 0; x < modules[y].Length; x++)
            {
                if (modules[y][x])
                {
                    path.Append($"M{x} {y}h1v1h-1z");
                }
            }
        }

        return $"<svg viewBox=\"0 0 {modules.Length} {modules.Length}\" role=\"img\" aria-label=\"QR code of the passphrase\"><path d=\"{path}\"/></svg>";
    }

    /// <summary>Two rows a line. Light modules are drawn, so that it is right on a dark terminal, and as its negative on white paper, which readers know, too.</summary>
    private string Blocks()
    {
        var modules = Modules();
        var text = new StringBuilder();
        for (var y = 0; y < modules.Length; y += 2)
        {
            for (var x = 0; x < modules[y].Length; x++)
            {
                var upper = !modules[y][x];
                var lower = y + 1 >= modules.Length || !modules[y + 1][x];
                text.Append((upper, lower) switch { (true, true) => '█', (true, false) => '▀', (false, true) => '▄', _ => ' ' });
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }
}
