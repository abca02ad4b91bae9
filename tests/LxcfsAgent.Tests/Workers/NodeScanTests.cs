using System.Diagnostics;
using LxcfsAgent.Native;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

/// <summary>Between the two steps of a scan, finding namespaces and looking at them, a process may end and its number go to another.</summary>
public sealed class NodeScanTests
{
    private static readonly ScanRequest Request = new(null, [], "/var/lib/lxc", Details: false);

    /// <summary>In a mount namespace with two processes, which is found by the one that ends.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void A_namespace_whose_process_has_ended_is_looked_at_by_another_one_and_is_gone_with_its_last(bool bothEnd, int seen)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "this process can make no mount namespace");
        using var first = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", "sleep 1000 & echo $!; exec sleep 1000"]) { RedirectStandardOutput = true })!;
        using var second = Process.GetProcessById(int.Parse(first.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            // The first process's own, where it may be looked at.
            var others = Scan([], new ActingClock(0, () => { })).Namespaces;
            // The clock is looked at twice as the scan comes to its first process, at each other one, and before the first look.
            var summary = Scan([first.Id, second.Id], new ActingClock(5, () =>
            {
                End(first);
                if (bothEnd)
                    End(second);
            }));

            Assert.Equal((seen, true), (summary.Namespaces - others, summary.Complete));
        }
        finally
        {
            End(first);
            End(second);
        }
    }

    [Fact]
    public void A_process_that_is_in_another_namespace_by_now_shows_nothing_of_the_one_that_was_found()
    {
        using var proc = new ProcFolder();
        var look = new NamespaceLook(proc, Request, new());
        Sight? own = null, other = null;
        var text = new byte[1][];
        text[0] = new byte[65536];
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "this process can enter no mount namespace");
        MountNamespace.Roam(1, roamer =>
        {
            own = look.Take(Environment.ProcessId, "self", new FileInfo("/proc/self/ns/mnt").LinkTarget!, roamer, text);
            other = look.Take(Environment.ProcessId, "self", "mnt:[1]", roamer, text);
        });

        Assert.Equal((false, true), (own!.IsGone, other!.IsGone));
    }

    /// <summary>Of the node's first process and these.</summary>
    private static ScanSummary Scan(int[] pids, TimeProvider clock) => ScanRun.Of(Request, clock, all: () => [NodeScan.First, .. pids]);

    private static void End(Process process)
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
    }

    /// <summary>A clock that stands still, and does something when it is looked at for the given time.</summary>
    private sealed class ActingClock(int time, Action act) : TimeProvider
    {
        private int _looks;

        public override long GetTimestamp()
        {
            if (++_looks == time)
                act();
            return 0;
        }
    }
}
