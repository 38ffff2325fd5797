using System.Text;
using System.Text.Unicode;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>Between a tree's path (bytes below the prefix) and a key of the bucket.</summary>
internal static class S3Key
{
    private const int Longest = 1024;

    /// <returns>Null where the path cannot be a key; then <paramref name="reason"/> says why.</returns>
    public static string? Of(S3Connection bucket, ReadOnlySpan<byte> path, out string reason)
    {
        reason = "";
        if (!Utf8.IsValid(path))
        {
            reason = "its name is not UTF-8, which a key in S3 must be";
            return null;
        }

        var key = bucket.Prefix + Encoding.UTF8.GetString(path);
        if (Encoding.UTF8.GetByteCount(key) > Longest)
        {
            reason = $"its key would be longer than the {Longest} bytes that S3 allows";
        }
        else if (key.StartsWith('/'))
        {
            // The SDK drops that slash, and so would mean another object.
            reason = "a key that begins with a slash cannot be asked for: only below a prefix";
        }

        return reason.Length == 0 ? key : null;
    }

    /// <summary>From <c>encoding-type=url</c>, which keeps what XML cannot hold.</summary>
    public static byte[] Decode(string encoded)
    {
        var bytes = Encoding.UTF8.GetBytes(encoded);
        var count = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var next = bytes[i];
            if (next == '%' && i + 2 < bytes.Length
                && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                bytes[count++] = (byte)((Digit(bytes[i + 1]) << 4) | Digit(bytes[i + 2]));
                i += 2;
            }
            else
            {
                bytes[count++] = next == '+' ? (byte)' ' : next;
            }
        }

        return bytes[..count];
    }

    private static int Digit(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
