using LxcfsAgent.Init;
using LxcfsAgent.Native;

namespace LxcfsAgent.Tests;

/// <summary>The pipe that LXCFS speaks through, which outlives the agents that read it.</summary>
public sealed class LxcfsOutputTests : IDisposable
{
    private readonly Pipe _pipe = Pipe.Create();

    public void Dispose() => _pipe.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("-1,4")]
    [InlineData("900000,900001")]
    [InlineData("a,b")]
    public void An_agent_without_init_makes_the_pipe_itself(string? value)
    {
        using var pipe = LxcfsOutput.Take(_ => value);

        Assert.True(pipe.Read.Number > 2 && pipe.Write.Number > 2);
    }

    [Fact]
    public void An_agent_below_init_takes_the_pipe_that_it_inherited_and_hands_it_on_no_further()
    {
        var (read, write) = (ProcessCalls.Fcntl(_pipe.Read.Number, 0, 300), ProcessCalls.Fcntl(_pipe.Write.Number, 0, 300));

        using var pipe = LxcfsOutput.Take(name => name == "LXCFS_AGENT_LXCFS_OUTPUT" ? $"{read},{write}" : null);

        Assert.Equal((read, write), (pipe.Read.Number, pipe.Write.Number));
        Assert.Equal(1, ProcessCalls.Fcntl(read, ProcessCalls.FGetfd, 0) & ProcessCalls.Fcntl(write, ProcessCalls.FGetfd, 0) & ProcessCalls.FdCloexec);
    }
}
