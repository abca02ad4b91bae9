using System.Diagnostics;
using LxcfsAgent.Node;

namespace LxcfsAgent.Tests;

public sealed class HeartbeatTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _file = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName + "/uptime";

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void A_file_that_answers_owes_nothing_until_it_fails()
    {
        File.WriteAllText(_file, "1.00 1.00");
        using var heartbeat = new Heartbeat(_file);

        Assert.False(heartbeat.Failed.WaitOne(TimeSpan.FromSeconds(2.5)));
        File.WriteAllText(_file, "");
        Assert.True(heartbeat.Failed.WaitOne(Patience));
    }

    [Fact]
    public void A_file_that_hangs_owes_an_answer_until_it_is_given()
    {
        // To open a pipe takes until somebody opens it to write.
        using (var mkfifo = Process.Start("mkfifo", _file))
            mkfifo.WaitForExit();
        using var heartbeat = new Heartbeat(_file);

        Assert.True(SpinWait.SpinUntil(() => heartbeat.Owed > TimeSpan.FromSeconds(1), Patience));
        using var writer = new FileStream(_file, FileMode.Open, FileAccess.Write);
        Assert.True(SpinWait.SpinUntil(() => heartbeat.Owed == TimeSpan.Zero, Patience));
    }
}
