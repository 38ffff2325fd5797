using System.Buffers.Binary;
using System.Text.Json;

namespace KubectlMlopsBackup.Repository.Reports;

/// <summary>A report as it lies in a repository (docs/repository-format.md, "Reports"): its head, and a body that means nothing here.</summary>
internal sealed record StoredReport(ReportHead Head, ReadOnlyMemory<byte> Body)
{
    public const string Prefix = "reports/";
    public const int MaxSize = 16 << 20;
    public const int MaxHead = 1 << 20;

    /// <summary>Bytes; a page of text has some ten thousand.</summary>
    public const int MaxBody = 15 << 20;

    private const int LengthSize = 4;

    /// <exception cref="UserError">It is too large.</exception>
    public byte[] Encode()
    {
        var head = JsonSerializer.SerializeToUtf8Bytes(Head, RepositoryJson.Default.ReportHead);
        if (head.Length > MaxHead - LengthSize || Body.Length > MaxBody)
        {
            throw new UserError($"a report of {Body.Length} bytes is too large to be stored", $"at most {MaxBody} bytes are");
        }

        var content = new byte[LengthSize + head.Length + Body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(content, head.Length);
        head.CopyTo(content, LengthSize);
        Body.CopyTo(content.AsMemory(LengthSize + head.Length));
        return content;
    }

    /// <exception cref="RepositoryDamagedException">No report.</exception>
    public static StoredReport Decode(byte[] content, string key)
    {
        var length = content.Length < LengthSize ? -1 : BinaryPrimitives.ReadInt32LittleEndian(content);
        if (length < 0 || length > content.Length - LengthSize)
        {
            throw new RepositoryDamagedException(key, "is no report: its head is longer than it is");
        }

        return new StoredReport(
            ObjectReader.Json(content[LengthSize..(LengthSize + length)], key, RepositoryJson.Default.ReportHead), content.AsMemory(LengthSize + length));
    }
}
