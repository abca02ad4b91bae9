using System.Buffers.Binary;
using CsCheck;
using LxcfsAgent.Nri;

namespace LxcfsAgent.Tests.Nri;

public sealed class MultiplexerTests
{
    private static readonly Gen<TtrpcMessage> Message = Gen.Select(Gen.UInt, Gen.Byte, Gen.Byte.Array[0, 10_000], (stream, type, payload) => new TtrpcMessage(stream, type, payload));

    /// <summary>What Go's ttrpc and NRI write for an empty answer to the first call.</summary>
    [Fact]
    public void A_message_has_both_headers() =>
        Assert.Equal("00000001" + "0000000c" + "00000002" + "00000001" + "0200" + "0a00", Convert.ToHexString(Multiplexer.Frame(1, new(1, 2, [0x0a, 0]))).ToLowerInvariant());

    [Fact]
    public void No_frame_that_is_sent_is_longer_than_the_runtime_reads_at_once() =>
        Message.Sample(message =>
        {
            var rest = Multiplexer.Frame(Multiplexer.Plugin, message).AsSpan();
            var length = 0;
            while (!rest.IsEmpty)
            {
                Assert.Equal(Multiplexer.Plugin, BinaryPrimitives.ReadUInt32BigEndian(rest));
                var frame = BinaryPrimitives.ReadInt32BigEndian(rest[4..]);
                Assert.InRange(frame, 1, 4096);
                rest = rest[(Multiplexer.HeaderLength + frame)..];
                length += frame;
            }

            Assert.Equal(TtrpcMessage.HeaderLength + message.Payload.Length, length);
        });

    [Fact]
    public void Messages_are_put_together_wherever_their_bytes_are_cut() =>
        Gen.Select(Gen.Select(Gen.Bool, Message).Array[0, 5], Gen.Int[1, 5000].Array[1, 10]).Sample((sent, cuts) =>
        {
            var bytes = sent.SelectMany(item => Multiplexer.Frame(item.Item1 ? Multiplexer.Plugin : Multiplexer.Runtime, item.Item2)).ToArray();
            var multiplexer = new Multiplexer();
            for (int at = 0, turn = 0; at < bytes.Length; turn++)
            {
                var part = bytes.AsSpan(at, Math.Min(cuts[turn % cuts.Length], bytes.Length - at));
                multiplexer.Receive(part);
                at += part.Length;
                Assert.True(at < bytes.Length || !multiplexer.IsPartial);
            }

            Assert.Equal(sent.Where(item => item.Item1).Select(item => Show(item.Item2)), multiplexer.Requests.Messages.Select(Show));
            Assert.Equal(sent.Where(item => !item.Item1).Select(item => Show(item.Item2)), multiplexer.Responses.Messages.Select(Show));
        });

    [Fact]
    public void What_has_begun_is_partial_until_it_ends()
    {
        var bytes = Multiplexer.Frame(Multiplexer.Plugin, new(1, 1, new byte[5000]));
        var multiplexer = new Multiplexer();
        for (var at = 0; at < bytes.Length - 1; at++)
        {
            multiplexer.Receive(bytes.AsSpan(at, 1));
            Assert.True(multiplexer.IsPartial, $"byte {at}");
        }

        multiplexer.Receive(bytes.AsSpan(bytes.Length - 1));
        Assert.False(multiplexer.IsPartial);
    }

    [Fact]
    public void A_connection_that_nobody_knows_is_passed_over()
    {
        var multiplexer = new Multiplexer();
        multiplexer.Receive(Multiplexer.Frame(3, new(1, 1, new byte[5000])));
        multiplexer.Receive(Multiplexer.Frame(Multiplexer.Plugin, new(7, 1, [])));

        Assert.Equal(7u, Assert.Single(multiplexer.Requests.Messages).Stream);
        Assert.False(multiplexer.IsPartial);
    }

    [Theory]
    [InlineData(NriLimits.Message, false)]
    [InlineData(NriLimits.Message + 1, true)]
    public void A_message_that_is_too_long_is_passed_over(int length, bool isTooLong)
    {
        var multiplexer = new Multiplexer();
        multiplexer.Receive(Multiplexer.Frame(Multiplexer.Plugin, new(1, 1, new byte[length])));
        multiplexer.Receive(Multiplexer.Frame(Multiplexer.Plugin, new(3, 1, [1])));

        var messages = multiplexer.Requests.Messages.ToList();
        Assert.Equal([(1u, isTooLong ? 0 : length, isTooLong), (3u, 1, false)], messages.Select(message => (message.Stream, message.Payload.Length, message.IsTooLong)));
    }

    [Theory]
    [InlineData("00000001" + "01000000", false)]
    [InlineData("00000001" + "01000001", true)]
    [InlineData("00000009" + "ffffffff", true)]
    public void A_frame_that_is_longer_than_any_is_refused(string header, bool isRefused)
    {
        var multiplexer = new Multiplexer();
        var refusal = Record.Exception(() => multiplexer.Receive(Convert.FromHexString(header)));

        Assert.Equal(isRefused, refusal is InvalidDataException);
    }

    [Fact]
    public void A_length_that_is_claimed_takes_no_memory()
    {
        var multiplexer = new Multiplexer();
        var before = GC.GetAllocatedBytesForCurrentThread();
        multiplexer.Receive(Convert.FromHexString("00000001" + "00400000" + "003ffff0" + "00000001" + "0100" + "0a"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
        Assert.True(multiplexer.IsPartial);
    }

    private static string Show(TtrpcMessage message) => $"{message.Stream} {message.Type} {Convert.ToHexString(message.Payload)}";
}
