using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>
/// Seals and opens frames under one object key. Not encrypted: frames are the plain bytes.
/// One thread at a time; the counter may be shared between ciphers of one session.
/// </summary>
internal sealed class FrameCipher : IDisposable
{
    private const int CounterSize = 8;
    private const int TagSize = 16;

    private readonly AesGcm? aes;

    public FrameCipher(RepositorySecrets secrets, ObjectKind kind, ReadOnlySpan<byte> salt)
    {
        if (secrets.DataKey is null)
        {
            return;
        }

        Span<byte> info = stackalloc byte[12];
        "mlopsbackup"u8.CopyTo(info);
        info[11] = (byte)kind;
        Span<byte> key = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secrets.DataKey, key, salt, info);
        aes = new AesGcm(key, TagSize);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Bytes that sealing adds.</summary>
    public int Overhead => aes is null ? 0 : CounterSize + TagSize;

    public bool Encrypts => aes is not null;

    /// <summary>Seals <paramref name="plain"/> into <paramref name="frame"/>, which has room for it and the overhead.</summary>
    /// <param name="plain">The content.</param>
    /// <param name="frame">Where the frame goes; may not overlap.</param>
    /// <param name="counter">Never the same twice under one salt.</param>
    /// <returns>The frame's length.</returns>
    public int Seal(ReadOnlySpan<byte> plain, Span<byte> frame, ulong counter)
    {
        if (aes is null)
        {
            plain.CopyTo(frame);
            return plain.Length;
        }

        Span<byte> nonce = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, counter);
        nonce[..CounterSize].CopyTo(frame);
        aes.Encrypt(
            nonce,
            plain,
            frame.Slice(CounterSize, plain.Length),
            frame.Slice(CounterSize + plain.Length, TagSize));
        return plain.Length + CounterSize + TagSize;
    }

    /// <summary>Opens a frame in place: the answer is a part of <paramref name="frame"/>.</summary>
    /// <exception cref="CryptographicException">It was changed, or sealed under another key.</exception>
    public Memory<byte> Open(Memory<byte> frame)
    {
        if (aes is null)
        {
            return frame;
        }

        if (frame.Length < CounterSize + TagSize)
        {
            throw new AuthenticationTagMismatchException("the frame is too short");
        }

        Span<byte> nonce = stackalloc byte[12];
        frame.Span[..CounterSize].CopyTo(nonce);
        var content = frame[CounterSize..^TagSize];
        aes.Decrypt(nonce, content.Span, frame.Span[^TagSize..], content.Span);
        return content;
    }

    /// <summary>Opens a frame whose content is as long as <paramref name="plain"/>, into it. They may not overlap.</summary>
    /// <exception cref="CryptographicException">It was changed, or sealed under another key.</exception>
    public void Open(ReadOnlySpan<byte> frame, Span<byte> plain)
    {
        if (aes is null)
        {
            frame.CopyTo(plain);
            return;
        }

        Span<byte> nonce = stackalloc byte[12];
        frame[..CounterSize].CopyTo(nonce);
        aes.Decrypt(nonce, frame[CounterSize..^TagSize], frame[^TagSize..], plain);
    }

    public void Dispose() => aes?.Dispose();
}
