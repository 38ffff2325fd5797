using System.Buffers.Binary;
using System.Text;
using KubectlMlopsBackup.Seed.Checksums;

namespace KubectlMlopsBackup.UnitTests.Seed;

public sealed class CopyRowsTests
{
    [Fact]
    public void The_order_of_rows_does_not_matter()
    {
        Assert.Equal(Sum(["a", "b"], ["c", null]), Sum(["c", null], ["a", "b"]));
        Assert.Equal(2, Sum(["a"], ["a"]).Rows);
    }

    [Fact]
    public void Values_nulls_borders_and_numbers_of_rows_do_matter()
    {
        (long, string)[] sums =
        [
            Sum(), Sum(["a"]), Sum(["b"]), Sum(["a"], ["a"]), Sum([(string?)null]), Sum([""]), Sum(["a", "b"]), Sum(["ab", ""]), Sum(["", "ab"]),
            Sum([new string('x', 100_000)]), Sum([new string('x', 100_001)]),
        ];
        Assert.Equal(sums.Length, sums.Distinct().Count());
    }

    private static (long Rows, string Sum) Sum(params string?[][] rows)
    {
        using var stream = new MemoryStream();
        stream.Write(new byte[19]);
        foreach (var row in rows)
        {
            Short(stream, (short)row.Length);
            foreach (var value in row)
            {
                var bytes = Encoding.UTF8.GetBytes(value ?? "");
                var length = new byte[4];
                BinaryPrimitives.WriteInt32BigEndian(length, value is null ? -1 : bytes.Length);
                stream.Write(length);
                stream.Write(bytes);
            }
        }

        Short(stream, -1);
        stream.Position = 0;
        return CopyRows.Sum(stream, TestContext.Current.CancellationToken);
    }

    private static void Short(MemoryStream stream, short value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        stream.Write(bytes);
    }
}
