namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>How long a request is believed in.</summary>
internal sealed record S3RetryOptions
{
    /// <summary>Tries in all, the first included.</summary>
    public int Tries { get; init; } = 8;

    /// <summary>Tries while the endpoint has never answered: a wrong name is not waited on for minutes.</summary>
    public int TriesBeforeFirstAnswer { get; init; } = 4;

    /// <summary>No try begins later than this after the first one began.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Doubled after each try, with jitter.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A try during which no byte moves for this long is given up. Not a limit of the whole request: a slow line
    /// that moves is let be.
    /// </summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Opening a connection, TLS included.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);
}
