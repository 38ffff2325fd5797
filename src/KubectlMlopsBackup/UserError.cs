namespace KubectlMlopsBackup;

/// <summary>
/// A failure that the user can mend. It is printed without a stack: what happened (naming the field,
/// flag or object), then what to do next. Every other exception is a bug and shows its stack with <c>-v</c>.
/// </summary>
internal sealed class UserError : Exception
{
    /// <param name="message">What happened, in one sentence, lower case, no full stop. No secret may be in it.</param>
    /// <param name="fix">What to do next; null where the message says it already.</param>
    public UserError(string message, string? fix = null, ExitCode code = ExitCode.Failed, Exception? inner = null)
        : base(message, inner)
    {
        Fix = fix;
        Code = code;
    }

    public string? Fix { get; }

    public ExitCode Code { get; }
}
