using KubectlMlopsBackup.Manifests;
using Scriban.Runtime;
using Scriban.Syntax;

namespace KubectlMlopsBackup.UnitTests.Manifests;

public sealed class TemplateRendererTests
{
    [Fact]
    public void A_template_that_is_not_there_is_named() => Assert.Contains(
        "no-such.sbn", Assert.Throws<InvalidOperationException>(() => TemplateRenderer.Render("no-such.sbn", [])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_value_that_is_missing_is_an_error_not_an_empty_text() =>
        Assert.Throws<ScriptRuntimeException>(() => TemplateRenderer.Render("plan.yaml.sbn", new ScriptObject { ["name"] = "x" }));
}
