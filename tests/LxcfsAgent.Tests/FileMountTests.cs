using LxcfsAgent.Native;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

/// <summary>What a worker takes for the mount that a scan has found, in a mount namespace of the test's own.</summary>
public sealed class FileMountTests : IDisposable
{
    private const string Target = "/proc/meminfo";

    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_descriptor_has_the_device_that_the_table_of_mounts_tells()
    {
        using var proc = new ProcFolder();
        var entries = MountInfo.Parse(File.ReadAllBytes("/proc/self/mountinfo"));
        foreach (var path in (string[])["/proc", "/proc/meminfo", "/sys"])
        {
            using var there = Descriptor.Open(path, Libc.OPath);
            var entry = Assert.Single(entries, entry => entry.Id == proc.MountOf(there));

            Assert.Equal(entry.Device, there.Device);
            Assert.True(proc.IsOn(there, new(entry.Id, entry.Device)));
            Assert.False(proc.IsOn(there, new(entry.Id, entry.Device + "1")));
            Assert.False(proc.IsOn(there, new(entry.Id + 1, entry.Device)));
        }
    }

    [Fact]
    public void Another_mount_that_has_got_the_number_of_the_one_that_was_found_is_left_alone() => InANamespace(proc =>
    {
        var (found, other) = (Mount("found"), Mount("other"));
        Bind(other);
        var top = Top(proc);
        var mount = new FileMount(proc, Found(top with { Device = DeviceOf(found) }));
        using var replacement = Clone(found);

        Assert.Null(mount.Replace(replacement, mayDetachFirst: false));
        Assert.False(mount.Uncover());
        Assert.True(mount.TryTakeAway(whoeverUsesIt: false));
        Assert.True(mount.TryTakeAway(whoeverUsesIt: true));
        Assert.Equal((top, "other"), (Top(proc), File.ReadAllText(Target)));
    });

    [Fact]
    public void The_mount_that_was_found_is_replaced_and_taken_away() => InANamespace(proc =>
    {
        var (found, other) = (Mount("found"), Mount("other"));
        Bind(found);
        var stale = new FileMount(proc, Found(Top(proc)));
        using (var replacement = Clone(other))
        {
            if (stale.Replace(replacement, mayDetachFirst: true) == true)
                Assert.True(stale.TryTakeAway(whoeverUsesIt: true));
        }

        Assert.Equal("other", File.ReadAllText(Target));
        var replaced = new FileMount(proc, Found(Top(proc)));
        Assert.True(replaced.Uncover());
        // A process that another test starts meanwhile has this one's open files until it has become another program.
        Assert.True(SpinWait.SpinUntil(() => replaced.TryTakeAway(whoeverUsesIt: false), TimeSpan.FromSeconds(30)), "somebody uses it");
        Assert.StartsWith("MemTotal:", File.ReadAllText(Target), StringComparison.Ordinal);
    });

    /// <summary>Where a file is mounted on itself below a mount that has peers, the kernel would mount what comes beneath it over it, too.</summary>
    [Fact]
    public void What_can_be_replaced_only_after_it_is_detached_stays_until_that_is_on_record() => InANamespace(proc =>
    {
        var other = Mount("other");
        Assert.Equal(0, Libc.Mount(null, "/proc", null, 1 << 20, null)); // MS_SHARED
        Bind(Target);
        var found = Top(proc);
        var mount = new FileMount(proc, Found(found));
        using var replacement = Clone(other);

        Assert.Throws<NotRecordedException>(() => mount.Replace(replacement, mayDetachFirst: false));
        Assert.Equal(found, Top(proc));

        Assert.False(mount.Replace(replacement, mayDetachFirst: true));
        Assert.Equal("other", File.ReadAllText(Target));
    });

    [Fact]
    public void Below_the_mounts_that_were_found_another_one_stays() => InANamespace(proc =>
    {
        var (found, other) = (Mount("found"), Mount("other"));
        Bind(other);
        var below = Top(proc);
        Bind(found);
        var mount = new FileMount(proc, Found(Top(proc), below with { Device = DeviceOf(found) }));

        Assert.False(mount.Uncover());
        Assert.Equal((below, "other"), (Top(proc), File.ReadAllText(Target)));
    });

    [Fact]
    public void The_device_of_an_LXCFS_that_never_answers_or_is_dead_is_told_and_nobody_asks_it()
    {
        Assert.SkipUnless(File.Exists("/dev/fuse"), "there is no /dev/fuse");
        InANamespace(proc =>
        {
            using var connection = Descriptor.Open("/dev/fuse", Libc.ORdwr);
            Assert.Equal(0, Libc.Mount("lxcfs", _folder, MountEntry.Lxcfs, 0, $"fd={connection.Number},rootmode=40000,user_id=0,group_id=0,allow_other"));
            using var there = Descriptor.Open(_folder, Libc.OPath);
            var mount = MountInfo.Parse(File.ReadAllBytes("/proc/thread-self/mountinfo")).Single(mount => mount.Target == _folder);
            // Who asks it waits until its connection ends.
            using var patience = new Timer(_ => connection.Dispose(), null, TimeSpan.FromSeconds(20), Timeout.InfiniteTimeSpan);

            Assert.True(proc.IsOn(there, new(mount.Id, mount.Device)));
            Assert.False(connection.IsClosed);
            connection.Dispose();
            Assert.True(proc.IsOn(there, new(mount.Id, mount.Device)));
        });
    }

    /// <summary>Runs something in a mount namespace that is gone with it.</summary>
    private static void InANamespace(Action<ProcFolder> work)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && KernelCalls.MountSetAttr() == CallState.Present, "this process can't mount anything");
        MountNamespace.Roam(1, roamer =>
        {
            roamer.Settle();
            using var proc = new ProcFolder();
            work(proc);
        });
    }

    /// <summary>A file system of its own with one file, whose content is its name.</summary>
    private string Mount(string name)
    {
        var folder = Directory.CreateDirectory($"{_folder}/{name}").FullName;
        Assert.Equal(0, Libc.Mount("tmpfs", folder, "tmpfs", 0, null));
        File.WriteAllText(folder + "/file", name);
        return folder + "/file";
    }

    private static void Bind(string file) => Assert.Equal(0, Libc.Mount(file, Target, null, (nuint)Libc.MsBind, null));

    private static Descriptor Clone(string file)
    {
        using var source = Descriptor.Open(file, Libc.OPath);
        return Mounts.Clone(source, readOnly: true);
    }

    private static MountIdentity Top(ProcFolder proc)
    {
        using var top = Descriptor.Open(Target, Libc.OPath);
        return new(proc.MountOf(top), top.Device);
    }

    private static string DeviceOf(string file)
    {
        using var there = Descriptor.Open(file, Libc.OPath);
        return there.Device;
    }

    private static FileFacts Found(MountIdentity top, params MountIdentity[] below) => new(Target, Target, FileLayer.Top, top.Id, top.Device, below);
}
