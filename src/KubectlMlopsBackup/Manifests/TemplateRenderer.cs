using Scriban;
using Scriban.Runtime;

namespace KubectlMlopsBackup.Manifests;

/// <summary>Renders the Scriban templates that are embedded in the binary.</summary>
internal static class TemplateRenderer
{
    /// <param name="name">The file below <c>src/Templates</c>, with forward slashes.</param>
    /// <param name="model">All values; what the template asks for and is not in here is an error, not an empty text.</param>
    /// <exception cref="InvalidOperationException">No such template, or a mistake in it: a bug of ours.</exception>
    public static string Render(string name, ScriptObject model)
    {
        return RenderText(Read(name), name, model);
    }

    /// <summary>A template that is not ours: from a plan.</summary>
    /// <param name="name">For messages.</param>
    /// <exception cref="InvalidOperationException">A mistake in it.</exception>
    /// <exception cref="Scriban.Syntax.ScriptRuntimeException">It asks for what is not there.</exception>
    public static string RenderText(string text, string name, ScriptObject model)
    {
        var template = Template.Parse(text, name);
        if (template.HasErrors)
        {
            throw new InvalidOperationException($"template {name}: {string.Join("; ", template.Messages)}");
        }

        // Output is bounded by the model: the default limits on loops and recursion stay on.
        var context = new TemplateContext { StrictVariables = true, NewLine = "\n" };
        context.PushGlobal(model);
        return template.Render(context);
    }

    private static string Read(string name)
    {
        using var stream = typeof(TemplateRenderer).Assembly.GetManifestResourceStream($"Templates/{name}")
            ?? throw new InvalidOperationException($"template {name} is not in the binary");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
