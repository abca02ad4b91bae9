using System.Text;
using CsCheck;
using LxcfsAgent.Nri;

namespace LxcfsAgent.Tests.Nri;

public sealed class ProtoTests
{
    /// <summary>The examples of protobuf's own description of its encoding.</summary>
    [Theory]
    [InlineData("089601", 1, 150UL, "")]
    [InlineData("120774657374696e67", 2, 0UL, "testing")]
    [InlineData("08ffffffffffffffffff01", 1, ulong.MaxValue, "")]
    [InlineData("0d01000000", 1, 1UL, "")]
    [InlineData("090200000000000000", 1, 2UL, "")]
    [InlineData("f8ffffff0f01", 0x1FFFFFFF, 1UL, "")]
    public void A_field_is_read(string hex, int field, ulong number, string text)
    {
        var reader = new ProtoReader(Convert.FromHexString(hex));

        Assert.True(reader.Next());
        Assert.Equal((field, number, text), (reader.Field, reader.Number, Encoding.UTF8.GetString(reader.Bytes)));
        Assert.False(reader.Next());
    }

    [Theory]
    [InlineData("08")] // a tag without its value
    [InlineData("0880")] // half a number
    [InlineData("08ffffffffffffffffffff01")] // eleven bytes of a number
    [InlineData("1205746573")] // a text that is cut off
    [InlineData("12ffffffffffffffffff01")] // a length beyond all
    [InlineData("0d010000")]
    [InlineData("0902")]
    [InlineData("0001")] // the field 0
    [InlineData("0b0c")] // a group
    [InlineData("0e")] // a type that there is not
    [InlineData("f8ffffffff0f01")] // a field of more than 29 bits
    public void What_is_no_protobuf_is_refused(string hex) => Assert.Throws<InvalidDataException>(() => Read(Convert.FromHexString(hex)));

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.Int[1, 0x1FFFFFFF], Gen.ULong, Gen.Byte.Array[0, 300]).Array[0, 20].Sample(fields =>
        {
            var writer = new ProtoWriter();
            foreach (var (field, number, bytes) in fields)
                writer.Add(field, number).Add(field, bytes.AsSpan());
            var read = Read(writer.ToArray());
            Assert.Equal(fields.SelectMany(field => (IEnumerable<string>)[$"{field.Item1} {field.Item2} ", $"{field.Item1} 0 {Convert.ToHexString(field.Item3)}"]), read);
        });

    private static List<string> Read(byte[] message)
    {
        var read = new List<string>();
        for (var reader = new ProtoReader(message); reader.Next();)
            read.Add($"{reader.Field} {reader.Number} {Convert.ToHexString(reader.Bytes)}");
        return read;
    }
}
