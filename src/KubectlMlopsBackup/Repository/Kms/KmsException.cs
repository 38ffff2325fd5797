namespace KubectlMlopsBackup.Repository.Kms;

/// <summary>The key service did not do what was asked of it. Always inside of a <see cref="UserError"/> that explains it.</summary>
internal sealed class KmsException(string message, Exception cause) : Exception(message, cause)
{
    /// <summary>Whether it was the key service that stood between the user and the data.</summary>
    public static bool IsCauseOf(Exception failure) => failure.InnerException is KmsException;
}
