using System.Text;
using LxcfsAgent.Native;

namespace LxcfsAgent.Tests;

public sealed class LineReaderTests : IDisposable
{
    private const int Longest = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Pipe _pipe = Pipe.Create();

    public void Dispose() => _pipe.Dispose();

    [Theory]
    [InlineData(Longest, true)]
    [InlineData(Longest + 1, false)]
    [InlineData(60_000, false)]
    public void A_line_that_is_too_long_is_counted_and_left_out_and_the_next_one_is_read(int length, bool isRead)
    {
        var lines = new LineReader(_pipe.Read, Longest);
        Write($"before\n{new string('a', length)}\nafter\n");

        Assert.Equal("before", Next(lines));
        Assert.Equal(isRead ? new string('a', length) : "", Next(lines));
        Assert.Equal("after", Next(lines));
        Assert.Equal(isRead ? 0 : 1, lines.TooLong);
    }

    [Fact]
    public void A_line_without_an_end_takes_no_memory_and_its_end_is_awaited()
    {
        var lines = new LineReader(_pipe.Read, Longest);
        for (var part = 0; part < 100; part++)
        {
            Write(new string('a', 50_000));
            Assert.Null(lines.Next(TimeSpan.Zero));
            var before = GC.GetAllocatedBytesForCurrentThread();
            while (lines.Next(TimeSpan.FromMilliseconds(1)) is not null)
            {
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }

        Write("a\nafter\n");
        Assert.Equal("", Next(lines));
        Assert.Equal("after", Next(lines));
        Assert.Equal(1, lines.TooLong);
    }

    private static string Next(LineReader lines) => Encoding.UTF8.GetString(lines.Next(Patience)!.Value.Span);

    private void Write(string text) => LineWriter.Write(_pipe.Write, Encoding.UTF8.GetBytes(text), Patience);
}
