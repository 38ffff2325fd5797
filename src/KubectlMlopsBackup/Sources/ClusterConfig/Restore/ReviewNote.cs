namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>Something in an object that a person has to look at.</summary>
/// <param name="Object">As kubectl names it.</param>
/// <param name="Field">Where in it; never a value of a Secret.</param>
/// <param name="What">In words.</param>
internal sealed record ReviewNote(string? Namespace, string Object, string Field, string What);
