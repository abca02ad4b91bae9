using LxcfsAgent.Lxcfs;
using LxcfsAgent.Native;
using Microsoft.Extensions.Logging.Abstractions;

namespace LxcfsAgent.Tests;

public sealed class OutputReaderTests
{
    /// <summary>As the filter of LXCFS words it, which its own suite shows.</summary>
    [Theory]
    [InlineData("denied system call fork (57)\nReached an end\ndenied system call 999\n", 2)]
    [InlineData("\n\nStarting LXCFS at /opt/lxcfs/lxcfs\n", 0)]
    public void Denied_calls_are_counted(string said, int denied)
    {
        using var pipe = Pipe.Create();
        var metrics = new AgentMetrics();
        OutputReader.Start(pipe.Read, new(NullLogger.Instance), metrics);

        LineWriter.Write(pipe.Write, System.Text.Encoding.UTF8.GetBytes(said + "denied system call last (0)\n"), TimeSpan.FromSeconds(10));

        Assert.True(SpinWait.SpinUntil(() => metrics.DeniedCalls.Value >= denied + 1, TimeSpan.FromSeconds(30)));
        Assert.Equal(denied + 1, metrics.DeniedCalls.Value);
    }
}
