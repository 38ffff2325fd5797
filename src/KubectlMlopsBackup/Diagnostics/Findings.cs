namespace KubectlMlopsBackup.Diagnostics;

/// <summary>Collects what one check has to say.</summary>
/// <param name="check">Its id.</param>
internal sealed class Findings(string check)
{
    private readonly List<Finding> all = [];

    public IReadOnlyList<Finding> All => all;

    public bool HasFault => all.Exists(f => f.Fault is not null);

    /// <param name="fix">A command to type, or a field to change.</param>
    public void Problem(Fault fault, string evidence, string fix) => Add(FindingVerdict.Problem, fault, evidence, fix);

    /// <param name="fix">A command to type, or a field to change.</param>
    public void Warning(Fault fault, string evidence, string fix) => Add(FindingVerdict.Warning, fault, evidence, fix);

    public void Add(FindingVerdict verdict, Fault fault, string evidence, string fix) =>
        all.Add(new Finding(check, verdict, fault.Id, fault.Title, Line(evidence), Line(fix)));

    public void Ok(string evidence) => all.Add(new Finding(check, FindingVerdict.Ok, null, null, Line(evidence), null));

    /// <summary>Only where no fault was found: then it is not all well.</summary>
    public void OkUnlessFault(string evidence)
    {
        if (!HasFault)
        {
            Ok(evidence);
        }
    }

    /// <param name="fix">What makes it possible to look; null where nothing does.</param>
    public void Skip(string reason, string? fix = null) => all.Add(new Finding(check, FindingVerdict.Skipped, null, null, Line(reason), fix));

    /// <summary>What another has found: the same checks in a pod, for example.</summary>
    public void Take(Finding finding) => all.Add(finding);

    private static string Line(string text) => text.ReplaceLineEndings(" ").Trim();
}
