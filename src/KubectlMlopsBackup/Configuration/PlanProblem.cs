namespace KubectlMlopsBackup.Configuration;

/// <param name="Path">Of the field, such as <c>spec.repositories[1].name</c>; "" for the plan as a whole.</param>
/// <param name="Line">From 1; 0 where it is not known.</param>
internal sealed record PlanProblem(string Path, int Line, string Message)
{
    public override string ToString() =>
        (Line > 0 ? $"line {Line}: " : "") + (Path.Length > 0 ? $"{Path}: " : "") + Message;
}
