namespace KubectlMlopsBackup.EndToEndTests.Cluster.Rights;

/// <summary>What a rule of a Role allows, one verb on one resource; and what one request asked for.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Resource">With its subresource: <c>pods/log</c>.</param>
internal sealed record ApiRight(string Group, string Resource, string Verb)
{
    public override string ToString() => $"{Verb} {Resource}{(Group.Length == 0 ? "" : $".{Group}")}";
}
