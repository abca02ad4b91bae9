using LxcfsAgent.Lxcfs;
using LxcfsAgent.Native;

namespace LxcfsAgent.Tests;

/// <summary>The control group of LXCFS: where it belongs by texts of real nodes, and that it holds, on this machine.</summary>
public sealed class ControlGroupTests
{
    private const string V1Mounts = """
        31 23 0:28 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:12 - cgroup cgroup rw,memory
        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup systemd rw,xattr,name=systemd
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
        """;

    private const string V2Mounts = """
        25 30 0:23 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
        29 25 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
        """;

    private const string Pod = "/kubepods/burstable/pod1f0/9c1";
    private const string Slice = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1f0.slice/cri-containerd-9c1.scope";

    [Theory]
    [InlineData("hybrid, cgroupfs", "9:name=systemd:" + Pod + "\n4:memory:" + Pod + "\n2:cpu,cpuacct:" + Pod + "\n0::" + Pod, V1Mounts, "/sys/fs/cgroup/memory", Pod)]
    [InlineData("v1, this container's group alone is mounted", "4:memory:" + Pod, "35 31 0:32 " + Pod + " /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory", "/sys/fs/cgroup/memory", "")]
    [InlineData("v1, memory with another controller", "4:cpuset,memory:" + Pod, "35 31 0:32 / /cg/m rw - cgroup cgroup rw,cpuset,memory", "/cg/m", Pod)]
    [InlineData("v2, systemd", "0::" + Slice, V2Mounts, "/sys/fs/cgroup", Slice)]
    [InlineData("hybrid, memory in version 2", "2:cpu,cpuacct:" + Pod + "\n0::" + Pod, V1Mounts, "/sys/fs/cgroup/unified", Pod)]
    [InlineData("the root", "0::/", V2Mounts, "/sys/fs/cgroup", "")]
    public void The_group_is_found(string what, string cgroup, string mounts, string top, string group)
    {
        var layout = ControlGroupLayout.Find(cgroup + "\n", mounts + "\n");

        Assert.True((top, group) == (layout?.Top, layout?.Group), $"{what}: {layout}");
        Assert.Equal(layout!.Top.StartsWith("/sys/fs/cgroup/memory", StringComparison.Ordinal) || layout.Top == "/cg/m" ? CgroupMode.V1 : CgroupMode.V2, layout.Mode);
    }

    [Theory]
    [InlineData("", V2Mounts)]
    [InlineData("4:memory:" + Pod, V2Mounts)]
    [InlineData("0::" + Slice, "")]
    [InlineData("0::/../9c1", V2Mounts)]
    [InlineData("4:memory:" + Pod, "35 31 0:32 /kubepods/burstable/pod1f0/9c /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory")]
    [InlineData("nonsense", "nonsense - nonsense")]
    public void A_group_that_no_mount_shows_is_not_found_and_the_reason_is_told(string cgroup, string mounts)
    {
        var layout = ControlGroupLayout.Find(cgroup, mounts);

        Assert.Null(layout);
        var groups = new ControlGroups(layout);
        Assert.Equal("no mount shows this process's control group", groups.Prepare());
        Assert.Null(groups.Place(Environment.ProcessId));
    }

    [Fact]
    public void The_groups_around_one_are_those_up_to_the_top() =>
        Assert.Equal(["/t/a/b", "/t/a", "/t"], new ControlGroupLayout(CgroupMode.V2, "/t", "/a/b").Upwards);

    [Fact]
    public void Without_a_limit_there_is_nothing_to_halve()
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
        Directory.CreateDirectory(folder + "/a");
        File.WriteAllText(folder + "/a/memory.max", "max\n");

        Assert.Equal($"no memory limit holds in {folder}/a", new ControlGroups(new(CgroupMode.V2, folder, "/a")).Prepare());
        Assert.Equal([folder + "/a/memory.max"], Directory.EnumerateFileSystemEntries(folder + "/a"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void What_can_not_be_written_is_told_and_nothing_is_left()
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
        File.WriteAllText(folder + "/memory.max", "1000000\n");
        File.WriteAllText(folder + "/cgroup.procs", "");

        // A folder on a disk: no file appears in the groups that are made.
        var groups = new ControlGroups(new(CgroupMode.V2, folder, ""));

        Assert.Contains("cgroup.subtree_control", groups.Prepare(), StringComparison.Ordinal);
        Assert.Null(groups.Place(Environment.ProcessId));
        Assert.Empty(Directory.EnumerateDirectories(folder));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Plain files stand for those of version 2, which this machine may not have: they show what is written, and where.</summary>
    [Theory]
    [InlineData("/pod/container")]
    [InlineData("/pod/container/agent")]
    public void On_version_2_the_agent_moves_beside_LXCFS_once(string group)
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
        var container = folder + "/pod/container";
        foreach (var inner in (string[])["", "/agent", "/lxcfs"])
        {
            Directory.CreateDirectory(container + inner);
            File.WriteAllText(container + inner + "/cgroup.procs", "");
            File.WriteAllText(container + inner + "/memory.max", inner.Length == 0 ? "134217728\n" : "max\n");
        }

        File.WriteAllText(container + "/cgroup.procs", $"{Environment.ProcessId}\n");
        File.WriteAllText(container + "/cgroup.subtree_control", "");
        var groups = new ControlGroups(new(CgroupMode.V2, folder, group));

        Assert.Null(groups.Prepare());
        Assert.Null(groups.Place(7));
        Assert.Equal($"{Environment.ProcessId}", File.ReadAllText(container + "/agent/cgroup.procs"));
        Assert.Equal("+memory", File.ReadAllText(container + "/cgroup.subtree_control"));
        Assert.Equal(("67108864", "7"), (File.ReadAllText(container + "/lxcfs/memory.max"), File.ReadAllText(container + "/lxcfs/cgroup.procs")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void When_LXCFS_needs_too_much_memory_it_alone_ends()
    {
        using var container = TestGroup.Create(limit: 64 << 20);
        var agent = container.Start("sleep", "1000");
        var groups = TestGroup.GroupsOf(agent);

        Assert.Null(groups.Prepare());
        // An agent that was killed prepares again.
        Assert.Null(groups.Prepare());
        Assert.Null(TestGroup.GroupsOf(agent).Prepare());
        var lxcfs = container.Start("sh", "-c", "read go; exec tail /dev/zero");
        Assert.Null(groups.Place(lxcfs));

        Assert.Equal($"{container.Layout.Folder}/lxcfs", ControlGroupLayout.Find(File.ReadAllText($"/proc/{lxcfs}/cgroup"), File.ReadAllText("/proc/self/mountinfo"))?.Folder);
        Assert.Equal("33554432", File.ReadAllText($"{container.Layout.Folder}/lxcfs/{container.Layout.LimitFile}").Trim());
        Assert.Null(groups.WhyEnded());
        container.Go();
        Assert.Equal(new ExitStatus(0, ProcessCalls.SigKill), Children.Reap(lxcfs));
        Assert.Equal("memory ran out in its control group", groups.WhyEnded());
        Assert.Null(Children.TryReap(agent));
        Assert.True(Directory.Exists($"/proc/{agent}"));
        Assert.NotNull(groups.Place(lxcfs));
    }
}
