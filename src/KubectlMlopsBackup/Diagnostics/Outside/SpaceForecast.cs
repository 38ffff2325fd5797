namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>When a volume is full, if the nights go on as they did.</summary>
/// <param name="Nights">That still fit; null where nothing has been added yet.</param>
/// <param name="Day">When the first does not; null as <paramref name="Nights"/>, or beyond ten years.</param>
internal sealed record SpaceForecast(long? Nights, DateTimeOffset? Day)
{
    /// <summary>Nights: the year 2036 is no forecast any more.</summary>
    private const long Longest = 3_650;

    /// <param name="free">Bytes, when it was looked at.</param>
    /// <param name="growth">Bytes that a night adds.</param>
    /// <param name="asOf">When it was looked at.</param>
    public static SpaceForecast Of(long free, long growth, DateTimeOffset asOf)
    {
        if (growth <= 0)
        {
            return new SpaceForecast(null, null);
        }

        var nights = free / growth;
        return new SpaceForecast(nights, nights > Longest ? null : asOf.AddDays(nights + 1));
    }
}
