namespace KubectlMlopsBackup.Testing;

internal enum StoreFault
{
    None,

    /// <summary>Fails, and nothing has happened.</summary>
    ThrowBefore,

    /// <summary>It has happened, but the caller sees a failure.</summary>
    ThrowAfter,

    /// <summary>The process dies here: nothing has happened, and every later call fails.</summary>
    Crash,

    /// <summary>It has happened, then the process dies.</summary>
    CrashAfter,

    /// <summary>A read yields half of what was there, without an error.</summary>
    Truncate,

    /// <summary>A read yields one wrong bit.</summary>
    FlipBit,
}
