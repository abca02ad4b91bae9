using System.Globalization;

namespace LxcfsNode.Tests.Rig;

/// <summary>One line of mountinfo, as far as the tests ask (proc_pid_mountinfo(5)).</summary>
internal sealed record Mount(int Id, string Device, string Root, string Target, string Options, string Type, string SuperOptions)
{
    public bool IsLxcfs => Type == "fuse.lxcfs";

    public static IReadOnlyList<Mount> Of(int pid) => [.. File.ReadLines($"/proc/{pid}/mountinfo").Select(Parse)];

    /// <summary>What has to be the same before an installation and after its cleanup: all but the kernel's running numbers.</summary>
    public static IReadOnlyList<string> Table(int pid) =>
        [.. Of(pid).Select(mount => $"{mount with { Id = 0 }}").Order(StringComparer.Ordinal)];

    private static Mount Parse(string line)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-");
        var id = int.Parse(fields[0], CultureInfo.InvariantCulture);
        // So the kernel marks a file that somebody looked up in vain while its LXCFS was dead.
        var root = fields[3].EndsWith("//deleted", StringComparison.Ordinal) ? fields[3][..^"//deleted".Length] : fields[3];
        return new(id, fields[2], root, fields[4], fields[5], fields[dash + 1], fields[dash + 3]);
    }
}
