using System.ComponentModel;
using System.Runtime.InteropServices;
using CsCheck;
using LxcfsAgent.Native;
using LxcfsAgent.Tests.Plans;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

/// <summary>What the table of mounts makes of mounts that lie on each other, beside what the kernel itself shows at their paths.</summary>
public sealed unsafe partial class KernelStackTests
{
    private const ulong MsBind = 4096, MsMove = 8192, MsRec = 16384, MsPrivate = 1 << 18;

    private static readonly string[] Files = ["/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu/online"];

    /// <summary>Where something is mounted, and what of the same kind could be.</summary>
    private static readonly string[] Targets = [.. Files, "/proc", "/sys", "/sys/devices", "/sys/devices/system/cpu"];

    [Fact]
    public void Whatever_lies_on_each_other_the_topmost_is_the_kernel_s()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && InNewNamespace(_ => true), "this process can make no mount namespace");
        var (stacked, moved) = (0, 0);

        Gen.Select(Choice.Of("bind", "bind", "bind", "tree", "move", "move", "beneath", "unmount"), Gen.Int[0, 6], Gen.Int[0, 6]).Array[1, 14].Sample(
            steps => InNewNamespace(proc =>
            {
                // There is something to move.
                foreach (var (index, _) in Files.Index())
                    Assert.True(Do("bind", index, index));
                foreach (var (what, from, to) in steps)
                {
                    var done = Do(what, from, to);
                    moved += done && what == "move" ? 1 : 0;
                    var text = Text(proc);
                    var table = MountTable.Parse(text);
                    var bottom = MountInfo.Parse(text).Last(mount => mount.Target == "/").Id;
                    // What was mounted over a folder may lack the path; then nothing is there to be told.
                    foreach (var path in Targets.Where(Path.Exists))
                        Assert.Equal(TopByKernel(proc, path), TopByTable(table, path, bottom));
                    stacked += Targets.Any(path => table.StackAt(path).Count > 2) ? 1 : 0;
                }

                return true;
            }),
            iter: 100,
            threads: 1);

        Assert.True(stacked > 20 && moved > 0, $"{stacked} looks at stacks, {moved} moves: the test shows nothing");
    }

    [Fact]
    public void All_layers_of_a_stack_are_in_the_order_in_which_they_can_be_taken_away()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && InNewNamespace(_ => true), "this process can make no mount namespace");

        InNewNamespace(proc =>
        {
            for (var layer = 0; layer < 5; layer++)
                Assert.True(Do("bind", layer % 2, 0));
            // The oldest of all goes to the top, and one beneath.
            Assert.True(Do("bind", 1, 1));
            Assert.True(Do("bind", 1, 1));
            Assert.True(Do("move", 1, 0));
            _ = Do("beneath", 1, 0);
            var stack = MountTable.Parse(Text(proc)).StackAt(Files[0]).Select(mount => mount.Id).ToList();
            Assert.True(stack.Count >= 6, $"{stack.Count} layers");
            for (; stack.Count > 0; stack.RemoveAt(stack.Count - 1))
            {
                Assert.Equal(stack[^1], TopByKernel(proc, Files[0]));
                Assert.Equal(0, Libc.Umount2(Files[0], Libc.UmountNofollow));
            }

            Assert.Empty(MountTable.Parse(Text(proc)).StackAt(Files[0]));
            return true;
        });
    }

    /// <summary>The topmost mount at a path, or the one that its folder is on.</summary>
    private static int TopByTable(MountTable table, string path, int bottom)
    {
        for (var at = path; ; at = Path.GetDirectoryName(at)!)
        {
            if (table.StackAt(at) is [.., var top])
                return top.Id;
            if (at == "/")
                return bottom;
        }
    }

    private static int TopByKernel(ProcFolder proc, string path)
    {
        using var top = Descriptor.Open(path, Libc.OPath | Libc.ONofollow);
        return proc.MountOf(top);
    }

    private static byte[] Text(ProcFolder proc)
    {
        var buffer = new byte[65536];
        return proc.MountTable(ref buffer, out _).ToArray();
    }

    /// <returns>Whether the kernel let it happen.</returns>
    private static bool Do(string what, int from, int to)
    {
        var (source, target) = (Targets[from], Targets[to]);
        switch (what)
        {
            case "bind":
                return Mount(source, target, MsBind) == 0;
            case "tree":
                return Mount(source, target, MsBind | MsRec) == 0;
            case "move":
                return Mount(source, target, MsMove) == 0;
            case "unmount":
                return Libc.Umount2(target, Libc.MntDetach | Libc.UmountNofollow) == 0;
            default:
                try
                {
                    using var file = Descriptor.Open(source, Libc.OPath);
                    using var tree = Mounts.Clone(file, readOnly: false);
                    using var top = Descriptor.Open(target, Libc.OPath);
                    return Mounts.PutBeneath(tree, top);
                }
                catch (Win32Exception)
                {
                    return false;
                }
        }
    }

    /// <summary>Runs something in a mount namespace of its own that shares nothing with this one, on a thread that ends with it.</summary>
    private static bool InNewNamespace(Func<ProcFolder, bool> work)
    {
        var done = false;
        MountNamespace.Roam(1, _ =>
        {
            using var proc = new ProcFolder();
            if (Libc.Unshare(Libc.CloneNewns) != 0 || Mount("none", "/", MsRec | MsPrivate) != 0)
                return;
            done = work(proc);
        });
        return done;
    }

    private static int Mount(string source, string target, ulong flags) => MountCall(source, target, null, flags, 0);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountCall(string source, string target, string? type, ulong flags, nint data);
}
