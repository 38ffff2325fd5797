using System.Globalization;

namespace KubectlMlopsBackup.Seed.Model;

/// <summary>Stateless pseudo-random values: a value depends on the seed and on what it is for, never on the order of asking.</summary>
internal static class Mix
{
    /// <summary>SplitMix64's finalizer (Steele, Lea, Flood 2014).</summary>
    public static ulong Scramble(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public static ulong Of(ulong seed, char purpose, long index, long part = 0) =>
        Scramble(Scramble(Scramble(seed ^ ((ulong)purpose << 56)) ^ (ulong)index) ^ (ulong)part);

    /// <summary>In [0, 1).</summary>
    public static double Unit(ulong value) => (value >> 11) * (1.0 / (1UL << 53));

    public static int Below(ulong value, int limit) => (int)(((UInt128)value * (ulong)limit) >> 64);

    /// <summary>32 hexadecimal digits, as MLflow's ids have.</summary>
    public static string Hex(ulong seed, char purpose, long index) =>
        Of(seed, purpose, index, 1).ToString("x16", CultureInfo.InvariantCulture)
        + Of(seed, purpose, index, 2).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The dashed form of 36 characters that MLflow gives datasets, inputs and webhooks.</summary>
    public static string Uuid(ulong seed, char purpose, long index)
    {
        var hex = Hex(seed, purpose, index);
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }
}
