using System.Text.Json;
using LxcfsAgent.Native;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

/// <summary>The worker with works that change nothing; what it does in containers is a node's to show.</summary>
public sealed class ContainerWorkerTests
{
    private static readonly ProcessFacts Ended = new(int.MaxValue, 0);

    /// <summary>Where tenants keep the kernel busy each container takes a second, and nobody sees meanwhile that LXCFS dies.</summary>
    [Fact]
    public void After_its_time_no_container_is_begun_with_and_all_that_were_are_done_with()
    {
        var clock = new SteppingClock();
        var works = Enumerable.Range(0, 1000).Select(index => new ContainerWork($"mnt:[{index}]", [Ended], []));

        var replies = Run(new(WorkKind.Add, null, 0, [.. works], LongestMilliseconds: 10_000), clock);

        var begun = replies.Select(reply => reply.Begun).OfType<string>().ToList();
        Assert.InRange(begun.Count, 1, 16);
        Assert.Equal(begun.Order(StringComparer.Ordinal), replies.Select(reply => reply.Outcome?.Namespace).OfType<string>().Order(StringComparer.Ordinal));
    }

    /// <summary>As where the mounts that a worker needs itself have taken all of it.</summary>
    [Fact]
    public void Some_are_come_to_however_late_it_is() =>
        Assert.Contains(Run(new(WorkKind.Add, null, 0, [new("mnt:[1]", [Ended], [])], LongestMilliseconds: 1), new SteppingClock()), reply => reply.Outcome is not null);

    [Fact]
    public void Without_one_all_are_come_to()
    {
        var works = Enumerable.Range(0, 100).Select(index => new ContainerWork($"mnt:[{index}]", [Ended], []));

        Assert.Equal(100, Run(new(WorkKind.Add, null, 0, [.. works]), new SteppingClock()).Count(reply => reply.Outcome?.Gone == true));
    }

    /// <summary>
    /// A record may be of yesterday, and its number of anybody today. A scan is of now, and the process that it has seen may have ended.
    /// </summary>
    [Fact]
    public void A_container_on_record_is_found_by_its_own_processes_alone()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mount namespaces are entered by root alone");
        using var proc = new ProcFolder();
        using var own = proc.TryOpenNamespace("self")!;
        ContainerWork[] works = [new(proc.NameOf(own), [Ended], [])];

        Assert.True(Assert.Single(Run(new(WorkKind.Add, null, 0, works), TimeProvider.System), reply => reply.Outcome is not null).Outcome!.Gone);
        Assert.Equal(new(works[0].Namespace, 0), Assert.Single(Run(new(WorkKind.Remove, null, 0, works), TimeProvider.System), reply => reply.Outcome is not null).Outcome);
    }

    private static List<WorkerReply> Run(WorkRequest request, TimeProvider clock)
    {
        using var pipe = Pipe.Create();
        using var proc = new ProcFolder();
        var replies = new ReplyWriter(pipe.Write);
        new ContainerWorker(proc, request, null, replies, clock).Run();
        replies.Write(new(Done: true));
        var lines = new LineReader(pipe.Read, longest: 1 << 20);
        List<WorkerReply> all = [];
        while (all is not [.., { Done: true }])
            all.Add(JsonSerializer.Deserialize(lines.Next(TimeSpan.FromSeconds(30))!.Value.Span, WorkerJsonContext.Default.WorkerReply)!);
        return all;
    }

    /// <summary>Whenever it is asked, a second has gone by.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _now);
    }
}
