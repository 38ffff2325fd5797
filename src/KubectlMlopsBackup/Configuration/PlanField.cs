namespace KubectlMlopsBackup.Configuration;

/// <summary>A field that the plan may have.</summary>
/// <param name="Fields">Those of the map, or of each map in the list; empty for other kinds.</param>
internal sealed record PlanField(string Name, PlanFieldKind Kind, params PlanField[] Fields)
{
    public string Wanted => Kind switch
    {
        PlanFieldKind.Text => "a text",
        PlanFieldKind.Number => "a whole number",
        PlanFieldKind.Flag => "true or false",
        PlanFieldKind.TextMap => "a section of names, each with a text",
        PlanFieldKind.Map => "a section of fields",
        PlanFieldKind.TextList => "a list of texts",
        _ => "a list of sections, each beginning with \"- \"",
    };
}
