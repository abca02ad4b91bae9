using Lxcfs.Tests.Rig;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>What becomes of LXCFS where it can't open files of a control group, as it can't without a descriptor left. On cgroup v1.</summary>
public sealed class FailingFileTests
{
    [Theory]
    [Trait("Change", "51-failing-control-group")]
    [InlineData(Build.Packaged, true)]
    [InlineData(Build.Ours, false)]
    public async Task Disks_without_numbers_end_LXCFS(Build build, bool falls)
    {
        Assert.SkipWhen(Node.IsCgroup2, "they are files of cgroup v1");
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartAsync(node, build, LookUps.Unfiltered);
        var tenant = await TenantContainer.StartAsync(lxcfs, "tenant", TenantContainer.Hold);
        var files = ((string[])["serviced", "merged", "service_bytes", "wait_time", "service_time"]).Select(file => $"./{node.Name}/{tenant.Id}/blkio.io_{file}_recursive");
        await using (await FailingFiles.OfAsync(lxcfs, files))
            await node.TryAsync("nsenter", "-t", $"{tenant.PidInNode}", "-p", "-m", "/bin/cat", "/proc/diskstats");
        if (falls)
            await Eventually.TrueAsync(() => !lxcfs.IsRunning, () => "it goes on");
        else
            Assert.Contains("MemTotal", await tenant.ExecAsync("cat", "/proc/meminfo"), StringComparison.Ordinal);
    }

    /// <summary>They have nothing of what an open file of ours has. Not how it runs on a node.</summary>
    [Fact]
    [Trait("Change", "20-own-buffer")]
    public async Task Files_and_folders_of_control_groups_are_closed()
    {
        Assert.SkipWhen(Node.IsCgroup2, "control groups are served on cgroup v1 only");
        await using var node = await Node.StartAsync();
        var lxcfs = await LxcfsContainer.StartWithAsync(node, Build.Ours, ["--enable-cgroup"], []);
        var (home, served) = ($"/sys/fs/cgroup/memory/{node.Name}/lxcfs-ours", $"{lxcfs.MountPoint}/cgroup/memory/{node.Name}/lxcfs-ours");
        // Memory that was used before is not zero.
        await node.RunAsync("sh", "-c", $"echo $$ >{home}/cgroup.procs && for time in $(seq 20); do " +
            $"cat {lxcfs.MountPoint}/proc/stat && ls {served} && cat {served}/memory.limit_in_bytes; done");
        Assert.True(lxcfs.IsRunning, lxcfs.Log);
    }
}
