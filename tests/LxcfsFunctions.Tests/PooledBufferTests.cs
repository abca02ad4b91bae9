using LxcfsFunctions.Hosting;

namespace LxcfsFunctions.Tests;

public sealed class PooledBufferTests
{
    [Theory]
    [InlineData(4096, 4097, 8192)]
    [InlineData(4096, 10_000, 10_000)]
    [InlineData(1 << 30, (1 << 30) + 1, int.MaxValue - 56)]
    [InlineData(int.MaxValue - 56, int.MaxValue, int.MaxValue)]
    public void It_grows_to_twice_its_length_as_far_as_an_array_reaches(int length, int least, int next) =>
        Assert.Equal(next, PooledBuffer.NextLength(length, least));
}
