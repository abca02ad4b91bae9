using System.Globalization;
using System.Text;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

/// <summary>Tables of mounts as the kernel writes them, for tests of who reads them.</summary>
internal static class MountText
{
    public static MountEntry Bottom => new(90, 89, "8:1", "/", "/", "ext4");

    public static MountEntry Proc => new(91, 90, "0:3", "/", "/proc", "proc");

    public static MountEntry File(int id, string device, int on = 91) => new(id, on, device, "/proc/meminfo", "/proc/meminfo", MountEntry.Lxcfs);

    public static List<FileFacts> Files(params MountEntry[] mounts) => [.. Table(mounts).Files()];

    public static MountTable Table(params MountEntry[] mounts) => MountTable.Parse(Text([Bottom, .. mounts]));

    public static byte[] Text(IEnumerable<MountEntry> mounts) => Encoding.UTF8.GetBytes(string.Concat(mounts.Select(mount =>
        string.Create(CultureInfo.InvariantCulture, $"{mount.Id} {mount.Parent} {mount.Device} {mount.Root} {mount.Target} rw,relatime shared:1 - {mount.Type} lxcfs rw\n"))));
}
