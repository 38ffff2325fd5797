using System.Globalization;
using System.Text;

namespace KubectlMlopsBackup.Seed.Artifacts;

/// <summary>Writes text into a buffer of the file's exact size: what does not fit is cut, what is left over becomes blanks.</summary>
internal ref struct TextFill(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private int _length;

    public readonly int Left => _target.Length - _length;

    public void Add(string text)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        Add(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    public void Add(scoped ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, Left)];
        text.CopyTo(_target[_length..]);
        _length += text.Length;
    }

    /// <summary>A number as MLflow's clients print it, with up to 6 places.</summary>
    public void Add(double value)
    {
        Span<byte> digits = stackalloc byte[32];
        value.TryFormat(digits, out var written, "0.######", CultureInfo.InvariantCulture);
        Add(digits[..written]);
    }

    public void Add(int value)
    {
        Span<byte> digits = stackalloc byte[16];
        value.TryFormat(digits, out var written, provider: CultureInfo.InvariantCulture);
        Add(digits[..written]);
    }

    public void Finish()
    {
        _target[_length..].Fill((byte)' ');
        if (_length < _target.Length)
        {
            _target[^1] = (byte)'\n';
        }
    }
}
