namespace KubectlMlopsBackup.Escrow;

/// <summary>
/// A QR code of the one size that is needed here: version 3, a quarter of it may be illegible (level Q), up to 47 capital letters, digits and dashes
/// (ISO/IEC 18004). The libraries that draw any code bring an image library along.
/// </summary>
internal static class QrCode
{
    private const int Size = 29;
    private const int Quiet = 4;
    private const int Blocks = 2;
    private const int DataOfBlock = 17;
    private const int CorrectionOfBlock = 18;
    private const int MostCharacters = 47;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    /// <param name="text">Of the alphabet.</param>
    /// <returns>Rows, true where it is dark, with the four modules of white around it that readers need.</returns>
    public static bool[][] Of(string text)
    {
        if (text.Length > MostCharacters || text.Any(c => !Alphabet.Contains(c, StringComparison.Ordinal)))
        {
            throw new ArgumentException("is too long, or not of the alphabet", nameof(text));
        }

        var code = new bool[Size, Size];
        var taken = new bool[Size, Size];
        DrawPatterns(code, taken);
        DrawData(code, taken, Codewords(text));
        return
        [
            .. Enumerable.Range(-Quiet, Size + (2 * Quiet)).Select(y => Enumerable.Range(-Quiet, Size + (2 * Quiet))
                .Select(x => x is >= 0 and < Size && y is >= 0 and < Size && code[x, y]).ToArray()),
        ];
    }

    /// <summary>Data and correction of both blocks, interleaved.</summary>
    private static byte[] Codewords(string text)
    {
        var data = Data(text);
        var blocks = data.Chunk(DataOfBlock).ToArray();
        var corrections = blocks.Select(Correction).ToArray();
        return
        [
            .. Enumerable.Range(0, DataOfBlock).SelectMany(i => blocks.Select(b => b[i])),
            .. Enumerable.Range(0, CorrectionOfBlock).SelectMany(i => corrections.Select(c => c[i])),
        ];
    }

    private static byte[] Data(string text)
    {
        var bits = new List<bool>();
        void Append(int value, int count)
        {
            for (var i = count - 1; i >= 0; i--)
            {
                bits.Add(((value >> i) & 1) != 0);
            }
        }

        // Mode, count, then two characters in 11 bits.
        Append(2, 4);
        Append(text.Length, 9);
        for (var i = 0; i < text.Length; i += 2)
        {
            var first = Alphabet.IndexOf(text[i], StringComparison.Ordinal);
            if (i + 1 < text.Length)
            {
                Append((first * 45) + Alphabet.IndexOf(text[i + 1], StringComparison.Ordinal), 11);
            }
            else
            {
                Append(first, 6);
            }
        }

        Append(0, Math.Min(4, (Blocks * DataOfBlock * 8) - bits.Count));
        Append(0, (8 - (bits.Count % 8)) % 8);
        for (var pad = 0xec; bits.Count < Blocks * DataOfBlock * 8; pad ^= 0xec ^ 0x11)
        {
            Append(pad, 8);
        }

        return [.. bits.Chunk(8).Select(b => (byte)b.Aggregate(0, (value, bit) => (value << 1) | (bit ? 1 : 0)))];
    }

    /// <summary>Reed and Solomon's: the remainder by the product of (x - 2^i).</summary>
    private static byte[] Correction(byte[] data)
    {
        var divisor = new byte[CorrectionOfBlock];
        divisor[^1] = 1;
        byte root = 1;
        for (var i = 0; i < CorrectionOfBlock; i++)
        {
            for (var j = 0; j < CorrectionOfBlock; j++)
            {
                divisor[j] = (byte)(Multiply(divisor[j], root) ^ (j + 1 < CorrectionOfBlock ? divisor[j + 1] : 0));
            }

            root = Multiply(root, 2);
        }

        var rest = new byte[CorrectionOfBlock];
        foreach (var one in data)
        {
            var factor = (byte)(one ^ rest[0]);
            for (var j = 0; j < CorrectionOfBlock; j++)
            {
                rest[j] = (byte)((j + 1 < CorrectionOfBlock ? rest[j + 1] : 0) ^ Multiply(divisor[j], factor));
            }
        }

        return rest;
    }

    /// <summary>In GF(2^8) modulo 0x11d.</summary>
    private static byte Multiply(byte left, byte right)
    {
        var product = 0;
        for (var i = 7; i >= 0; i--)
        {
            product = (product << 1) ^ ((product >> 7) * 0x11d);
            product ^= ((right >> i) & 1) * left;
        }

        return (byte)product;
    }

    private static void DrawPatterns(bool[,] code, bool[,] taken)
    {
        void Set(int x, int y, bool dark)
        {
            if (x is >= 0 and < Size && y is >= 0 and < Size)
            {
                code[x, y] = dark;
                taken[x, y] = true;
            }
        }

        void Square(int centerX, int centerY, int reach, Func<int, bool> dark)
        {
            for (var dy = -reach; dy <= reach; dy++)
            {
                for (var dx = -reach; dx <= reach; dx++)
                {
                    Set(centerX + dx, centerY + dy, dark(Math.Max(Math.Abs(dx), Math.Abs(dy))));
                }
            }
        }

        for (var i = 0; i < Size; i++)
        {
            Set(6, i, i % 2 == 0);
            Set(i, 6, i % 2 == 0);
        }

        Square(3, 3, 4, d => d is not (2 or 4));
        Square(Size - 4, 3, 4, d => d is not (2 or 4));
        Square(3, Size - 4, 4, d => d is not (2 or 4));
        Square(Size - 7, Size - 7, 2, d => d != 1);
        DrawFormat(Set);
    }

    /// <summary>Level Q and mask 0, twice, with their own correction.</summary>
    private static void DrawFormat(Action<int, int, bool> set)
    {
        const int format = 3 << 3;
        var rest = format;
        for (var i = 0; i < 10; i++)
        {
            rest = (rest << 1) ^ ((rest >> 9) * 0x537);
        }

        var bits = ((format << 10) | rest) ^ 0x5412;
        bool Bit(int i) => ((bits >> i) & 1) != 0;
        for (var i = 0; i < 15; i++)
        {
            var (x, y) = i switch { < 6 => (8, i), < 8 => (8, i + 1), 8 => (7, 8), _ => (14 - i, 8) };
            set(x, y, Bit(i));
            (x, y) = i < 8 ? (Size - 1 - i, 8) : (8, Size - 15 + i);
            set(x, y, Bit(i));
        }

        set(8, Size - 8, true);
    }

    /// <summary>Two columns at a time, from the right, up and down in turn.</summary>
    private static void DrawData(bool[,] code, bool[,] taken, byte[] codewords)
    {
        var bit = 0;
        for (var right = Size - 1; right > 0; right -= 2)
        {
            right -= right == 6 ? 1 : 0;
            var upward = ((right + 1) & 2) == 0;
            for (var i = 0; i < Size * 2; i++)
            {
                var x = right - (i % 2);
                var y = upward ? Size - 1 - (i / 2) : i / 2;
                if (taken[x, y])
                {
                    continue;
                }

                var dark = bit < codewords.Length * 8 && ((codewords[bit / 8] >> (7 - (bit % 8))) & 1) != 0;
                bit++;
                code[x, y] = dark ^ ((x + y) % 2 == 0);
            }
        }
    }
}
