using CsCheck;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.UnitTests.Repository.Storage;

public sealed class SegmentBufferTests
{
    [Fact]
    public void Any_part_of_any_appends_reads_back() =>
        Gen.Select(Gen.Int[0, 300_000].List[1, 12], Gen.Int, Gen.Double[0, 1], Gen.Double[0, 1]).Sample(
            (pieces, seed, from, share) =>
            {
                using var buffer = new SegmentBuffer();
                var content = new byte[pieces.Sum()];
                new Random(seed).NextBytes(content);
                var at = 0;
                foreach (var piece in pieces)
                {
                    buffer.Append(content.AsSpan(at, piece));
                    at += piece;
                }

                var start = (int)(content.Length * from);
                var length = (int)((content.Length - start) * share);
                using var stream = new SegmentStream(buffer, start, length, () => { });
                using var back = new MemoryStream();
                stream.CopyTo(back);
                using var again = new MemoryStream();
                stream.Position = 0;
                stream.CopyToAsync(again, 1).GetAwaiter().GetResult();
                return buffer.Length == content.Length
                    && back.ToArray().AsSpan().SequenceEqual(content.AsSpan(start, length))
                    && again.ToArray().AsSpan().SequenceEqual(content.AsSpan(start, length));
            },
            iter: 200);

    [Fact]
    public void A_read_in_progress_keeps_its_bytes_when_the_buffer_is_disposed()
    {
        var buffer = new SegmentBuffer();
        buffer.Append([1, 2, 3]);
        buffer.BeginRead();
        buffer.Dispose();

        Assert.Equal([1, 2, 3], buffer.Slice(0).ToArray());
        buffer.EndRead();
        Assert.Throws<ObjectDisposedException>(buffer.BeginRead);
    }
}
