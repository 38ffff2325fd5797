using KubectlMlopsBackup.Escrow;
using ZXing;

namespace KubectlMlopsBackup.UnitTests.Escrow;

public sealed class RecoverySheetTests
{
    private static readonly RecoverySheet Sheet = new(
        "churn & co",
        new DateTimeOffset(2026, 11, 24, 2, 0, 0, TimeSpan.Zero),
        RecoveryPassphrase.Create(),
        [
            new RecoverySheetRepository("offsite", "s3://b/p, region eu-central-1", new string('a', 32), new string('b', 64), "s3: {bucket: \"b\", prefix: \"p\"}"),
            new RecoverySheetRepository("local", "/backups", new string('c', 32), new string('d', 64), "path: \"/backups\""),
        ]);

    [Fact]
    public void A_passphrase_is_random_and_its_groups_can_be_typed()
    {
        var all = Enumerable.Range(0, 50).Select(_ => RecoveryPassphrase.Create()).ToList();
        Assert.Equal(50, all.Distinct().Count());
        Assert.All(all, p => Assert.Matches("^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$", p));
        Assert.Equal(all[0].Split('-')[2], RecoveryPassphrase.Group(all[0], 3));
    }

    [Theory]
    [InlineData("AB12-CD34", "AB12-CD34")]
    [InlineData(" ab12cd34\n", "AB12-CD34")]
    [InlineData("abi2 cdo4", "AB12-CD04")]
    public void What_is_typed_by_hand_is_forgiven(string typed, string meant) => Assert.Equal(meant, RecoveryPassphrase.Normalize(typed));

    [Fact]
    public void A_reader_reads_the_passphrase_from_the_code()
    {
        Assert.Equal(Sheet.Passphrase, Read(Sheet.Modules()));
        for (var i = 0; i < 200; i++)
        {
            var passphrase = RecoveryPassphrase.Create();
            Assert.Equal(passphrase, Read(QrCode.Of(passphrase)));
        }
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AB-9 $%*+./:Z")]
    [InlineData("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789")]
    [InlineData("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    public void Codes_of_other_lengths_are_read_as_well(string text) => Assert.Equal(text, Read(QrCode.Of(text)));

    [Fact]
    public void A_stain_does_no_harm()
    {
        var modules = Sheet.Modules();
        for (var y = 16; y < 22; y++)
        {
            modules[y].AsSpan(16, 5).Fill(true);
        }

        Assert.Equal(Sheet.Passphrase, Read(modules));
    }

    [Fact]
    public void A_small_letter_is_refused() => Assert.Throws<ArgumentException>(() => QrCode.Of("a"));

    private static string Read(bool[][] modules)
    {
        const int Scale = 4;
        var size = modules.Length * Scale;
        var pixels = new byte[size * size];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = modules[i / size / Scale][i % size / Scale] ? (byte)0 : (byte)255;
        }

        // A drawn code, not a photograph: how well the reader finds a code in a picture is not what is tested.
        var reader = new BarcodeReaderGeneric { Options = { PossibleFormats = [BarcodeFormat.QR_CODE], PureBarcode = true } };
        return reader.Decode(new RGBLuminanceSource(pixels, size, size, RGBLuminanceSource.BitmapFormat.Gray8))?.Text ?? "nothing";
    }

    [Fact]
    public void Both_forms_have_all_that_is_needed_and_the_page_needs_nothing_else()
    {
        foreach (var sheet in new[] { Sheet.Text(), Sheet.Html() })
        {
            Assert.Contains(Sheet.Passphrase, sheet, StringComparison.Ordinal);
            Assert.All(Sheet.Repositories, r =>
            {
                Assert.Contains(r.Id, sheet, StringComparison.Ordinal);
                Assert.Contains(r.KeyId, sheet, StringComparison.Ordinal);
                Assert.Contains(r.Address, sheet, StringComparison.Ordinal);
            });
        }

        Assert.Contains("churn &amp; co", Sheet.Html(), StringComparison.Ordinal);
        Assert.DoesNotContain("http", Sheet.Html(), StringComparison.Ordinal);
        Assert.Contains("    - {name: offsite, s3: {bucket: \"b\", prefix: \"p\"}}\n    - {name: local, path: \"/backups\"}\n", Sheet.Text(), StringComparison.Ordinal);
    }
}
