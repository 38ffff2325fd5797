using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.UnitTests.Output;

public sealed class SparklineTests
{
    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4, 5 }, "▁▂▃▅▇", "_.-+#")]
    [InlineData(new double[] { 5, 1 }, "▇▁", "#_")]
    [InlineData(new double[] { 1000, 1001, 1000 }, "▁▁▁", "___")]
    [InlineData(new double[] { 0, 0 }, "▁▁", "__")]
    [InlineData(new double[] { 7 }, "", "")]
    public void Figures_are_bars(double[] figures, string unicode, string ascii)
    {
        Assert.Equal(unicode, Sparkline.Of(figures, unicode: true));
        Assert.Equal(ascii, Sparkline.Of(figures, unicode: false));
    }
}
