using System.Diagnostics;
using System.Xml.Linq;

namespace LxcfsNode.Tests.Rig;

/// <summary>A machine with pure cgroup v2 and a newer kernel, emulated, that runs this suite's tests for it and then powers off.</summary>
internal static class Guest
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(25);

    /// <summary>What it printed, and its tests' results as xunit writes them.</summary>
    /// <param name="name">The folder of the artifacts that it lies in.</param>
    public static async Task<(string Console, XElement Results)> RunAsync(string name = "guest")
    {
        var kernel = Artifacts.Require($"{name}/vmlinuz");
        var folder = Directory.CreateTempSubdirectory("lxcfs-guest-").FullName;
        var (console, results) = (Path.Combine(folder, "console"), Path.Combine(folder, "results"));
        // No hardware virtualisation: it is refused on many machines that are virtual themselves. Two processors, since one would
        // look the same with LXCFS and without; on one thread, since a kernel that patches its own code has been seen to crash on two.
        using var qemu = Process.Start("qemu-system-x86_64",
        [
            "-accel", "tcg,thread=single", "-cpu", "max", "-smp", "2", "-m", "3072", "-nodefaults", "-display", "none", "-no-reboot",
            "-kernel", kernel, "-initrd", Artifacts.Require($"{name}/initramfs.cpio"), "-append", "console=ttyS0 panic=-1 quiet",
            "-serial", $"file:{console}", "-serial", $"file:{results}",
        ]);
        try
        {
            await Task.WhenAny(qemu.WaitForExitAsync(), Task.Delay(Limit));
            var ended = qemu.HasExited;
            var printed = await File.ReadAllTextAsync(console);
            var xml = await File.ReadAllTextAsync(results);
            Assert.True(ended, $"the guest has not ended after {Limit.TotalMinutes} minutes; it printed:\n{printed}");
            Assert.True(xml.EndsWith("</assemblies>", StringComparison.Ordinal), $"the guest sent no results; it printed:\n{printed}");
            return (printed, XElement.Parse(xml));
        }
        finally
        {
            if (!qemu.HasExited)
                qemu.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }
}
