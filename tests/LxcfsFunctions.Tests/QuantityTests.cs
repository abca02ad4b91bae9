using System.Globalization;
using CsCheck;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("500m", "0.5")]
    [InlineData("1.5", "1.5")]
    [InlineData("2Gi", "2147483648")]
    [InlineData("1e3", "1000")]
    [InlineData("1E3", "1000")]
    [InlineData("1e-3", "0.001")]
    [InlineData("32000M", "32000000000")]
    [InlineData("2E", "2000000000000000000")]
    [InlineData("0", "0")]
    [InlineData(".5", "0.5")]
    [InlineData("1e99", "9223372036854775807")]
    [InlineData("9999Ei", "9223372036854775807")]
    public void A_quantity_is_read_as_Kubernetes_reads_it(string text, string amount)
    {
        Assert.True(Quantity.TryParse(text, out var parsed));
        Assert.Equal(decimal.Parse(amount, CultureInfo.InvariantCulture), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("1 Gi")]
    [InlineData("1KiB")]
    [InlineData("0x10")]
    [InlineData("1e")]
    [InlineData("1.2.3")]
    public void What_is_no_quantity_is_refused(string text) => Assert.False(Quantity.TryParse(text, out _));

    [Fact]
    public void No_text_throws() => Gen.String[Gen.Char["0123456789.+-eEmkKMGTPiun "], 0, 30].Sample(text => Quantity.TryParse(text, out _) || true);
}
