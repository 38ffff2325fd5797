using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>One thing done to a store behind everyone's back.</summary>
/// <param name="Kind">In words, in the plural.</param>
/// <param name="Key">The object.</param>
/// <param name="OtherKey">The one that it changes its content with.</param>
/// <param name="Position">The bit that is flipped, or the bytes that are left.</param>
internal sealed record RandomDamage(string Kind, string Key, string? OtherKey = null, int Position = 0)
{
    public void Apply(MemoryStore store)
    {
        switch (Kind)
        {
            case "flipped bits":
                store.Tamper(Key, bytes =>
                {
                    bytes[Position / 8] ^= (byte)(1 << (Position % 8));
                    return bytes;
                });
                break;
            case "truncations":
                store.Tamper(Key, bytes => bytes[..Position]);
                break;
            case "deletions":
                store.Tamper(Key, _ => null);
                break;
            default:
                var content = store.Objects[Key];
                store.Tamper(Key, _ => store.Objects[OtherKey!]);
                store.Tamper(OtherKey!, _ => content);
                break;
        }
    }
}
