namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>Rights to use a KMS key, named as narrowly as the plan names it.</summary>
internal static class KeyStatement
{
    private const string Alias = "alias/";

    /// <param name="region">Null for any.</param>
    /// <param name="key">An id, an ARN, or an alias.</param>
    public static PolicyStatement Of(string sid, IReadOnlyList<string> actions, string partition, string? region, string key)
    {
        var keys = $"arn:{partition}:kms:{region ?? "*"}:*:key/";
        var alias = key.IndexOf(Alias, StringComparison.Ordinal);
        return alias < 0
            ? new PolicyStatement(sid, actions, [key.StartsWith("arn:", StringComparison.Ordinal) ? key : keys + key])
            : new PolicyStatement(sid, actions, [keys + "*"])
            {
                // A policy cannot name an alias as its resource.
                Conditions = [new PolicyCondition("ForAnyValue:StringEquals", "kms:ResourceAliases", [key[alias..]])],
            };
    }
}
