using System.Globalization;
using LxcfsAgent.Lxcfs;
using LxcfsAgent.Native;

namespace LxcfsAgent.Tests;

/// <summary>A control group on this machine as a runtime makes it for a container, with processes; ends them and goes when disposed.</summary>
internal sealed class TestGroup : IDisposable
{
    private readonly Pipe _input = Pipe.Create();
    private readonly List<int> _children = [];

    private TestGroup(ControlGroupLayout layout) => Layout = layout;

    public ControlGroupLayout Layout { get; }

    /// <summary>Skips the test where none can be made.</summary>
    public static TestGroup Create(long limit)
    {
        var own = ControlGroupLayout.Find(File.ReadAllText("/proc/self/cgroup"), File.ReadAllText("/proc/self/mountinfo"));
        Assert.SkipUnless(own is not null && Environment.IsPrivilegedProcess, "this process can make no control group");
        // Version 2 allows a group with limits only where no processes are beside it: at the top.
        var around = own.Mode == CgroupMode.V1 ? own.Group : "";
        var name = string.Create(CultureInfo.InvariantCulture, $"{around}/lxcfs-agent-test-{Environment.ProcessId}-{Guid.NewGuid():N}");
        var group = new TestGroup(own with { Group = name });
        try
        {
            Directory.CreateDirectory(group.Layout.Folder);
            File.WriteAllText($"{group.Layout.Folder}/{own.LimitFile}", limit.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"this process can make no control group with a memory limit: {exception.Message}");
        }

        return group;
    }

    public static ControlGroups GroupsOf(int pid) =>
        new(ControlGroupLayout.Find(File.ReadAllText($"/proc/{pid}/cgroup"), File.ReadAllText("/proc/self/mountinfo")));

    /// <summary>Starts a program in the group; its input is what <see cref="Go"/> writes.</summary>
    public int Start(string program, params string[] arguments)
    {
        var pid = new Spawn("/bin/" + program, [program, .. arguments])
        {
            Descriptors = new Dictionary<int, Descriptor> { [0] = _input.Read },
        }.Start();
        _children.Add(pid);
        // Where the agent has moved itself, version 2 lets nobody into the group around.
        var inner = Layout.Folder + "/agent";
        File.WriteAllText($"{(Directory.Exists(inner) ? inner : Layout.Folder)}/cgroup.procs", pid.ToString(CultureInfo.InvariantCulture));
        return pid;
    }

    public void Go()
    {
        using var stream = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(_input.Write.Number, ownsHandle: false), FileAccess.Write, 0);
        stream.Write("go\n"u8);
    }

    public void Dispose()
    {
        foreach (var pid in _children)
        {
            _ = Libc.Kill(pid, ProcessCalls.SigKill);
            Children.Reap(pid);
        }

        foreach (var inner in Directory.EnumerateDirectories(Layout.Folder).ToList())
            _ = Libc.RmDir(inner);
        _ = Libc.RmDir(Layout.Folder);
        _input.Dispose();
    }
}
