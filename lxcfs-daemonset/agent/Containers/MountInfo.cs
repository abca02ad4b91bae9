using System.Text;

namespace LxcfsAgent.Containers;

/// <summary>One line of a mountinfo file, as proc_pid_mountinfo(5) describes it.</summary>
/// <param name="Id">Unique among the mounts that exist now.</param>
/// <param name="Device">Major and minor number of the file system, such as <c>0:53</c>.</param>
/// <param name="Root">What of the file system is mounted: <c>/</c>, or the file inside it.</param>
/// <param name="Target">Where it is mounted, seen from the process's root.</param>
/// <param name="Type">The type of the file system, such as <c>fuse.lxcfs</c>.</param>
internal sealed record MountEntry(int Id, string Device, string Root, string Target, string Type)
{
    public const string Lxcfs = "fuse.lxcfs";

    public bool IsLxcfs => Type == Lxcfs;
}

/// <summary>Reads mountinfo files. Pure: what it gets is the text.</summary>
internal static class MountInfo
{
    private static readonly byte[] Lxcfs = Encoding.UTF8.GetBytes(MountEntry.Lxcfs);
    private static readonly byte[] SpacedLxcfs = Encoding.UTF8.GetBytes($" {MountEntry.Lxcfs} ");

    /// <summary>Whether any line may be of interest, at the price of a search.</summary>
    public static bool MentionsLxcfs(ReadOnlySpan<byte> text) => text.IndexOf(SpacedLxcfs) >= 0;

    /// <summary>Every mount, the later above the earlier; a line that can't be read is left out.</summary>
    public static List<MountEntry> Parse(ReadOnlySpan<byte> text)
    {
        var entries = new List<MountEntry>();
        foreach (var range in text.Split((byte)'\n'))
        {
            if (MountLine.TryRead(text[range], out var line))
                entries.Add(line.ToEntry());
        }

        return entries;
    }

    /// <summary>
    /// The mounts of LXCFS, and what else is mounted at the same targets. A container has dozens of mounts, and a node hundreds
    /// of containers, all of which are looked at in every scan: the rest is not copied.
    /// </summary>
    public static List<MountEntry> ParseServed(ReadOnlySpan<byte> text)
    {
        var targets = new List<byte[]>();
        foreach (var range in text.Split((byte)'\n'))
        {
            if (MountLine.TryRead(text[range], out var line) && line.Type.SequenceEqual(Lxcfs))
                targets.Add(line.Target.ToArray());
        }

        var entries = new List<MountEntry>();
        foreach (var range in text.Split((byte)'\n'))
        {
            if (MountLine.TryRead(text[range], out var line) && line.IsAtAnyOf(targets))
                entries.Add(line.ToEntry());
        }

        return entries;
    }
}
