using System.Numerics;
using System.Runtime.InteropServices;

namespace KubectlMlopsBackup.Seed.Model;

/// <summary>xoshiro256++ (Blackman and Vigna 2019): fills buffers faster than a disk takes them. Not for secrets.</summary>
internal struct Xoshiro
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public Xoshiro(ulong seed)
    {
        _a = Mix.Scramble(seed);
        _b = Mix.Scramble(_a);
        _c = Mix.Scramble(_b);
        _d = Mix.Scramble(_c);
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_a + _d, 23) + _a;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    public int Below(int limit) => Mix.Below(Next(), limit);

    public void Fill(Span<byte> target)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(target);
        foreach (ref var word in words)
        {
            word = Next();
        }

        var rest = target[(words.Length * sizeof(ulong))..];
        for (ulong last = Next(), i = 0; i < (ulong)rest.Length; i++)
        {
            rest[(int)i] = (byte)(last >> (int)(8 * i));
        }
    }
}
