namespace KubectlMlopsBackup.Manifests;

/// <summary>A value of a Secret that the agent sees as an environment variable: the AWS SDK takes no file a key.</summary>
internal sealed record SecretVariable(string Name, string Secret, string Key);
