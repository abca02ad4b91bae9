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
    /// <summary>Whether any line may be of interest, at the price of a search.</summary>
    public static bool MentionsLxcfs(ReadOnlySpan<byte> text) => text.IndexOf(" fuse.lxcfs "u8) >= 0;

    /// <summary>Every mount, the later above the earlier; a line that can't be read is left out.</summary>
    public static List<MountEntry> Parse(ReadOnlySpan<byte> text)
    {
        var entries = new List<MountEntry>();
        foreach (var range in text.Split((byte)'\n'))
        {
            if (ParseLine(text[range]) is { } entry)
                entries.Add(entry);
        }

        return entries;
    }

    /// <summary>The lines: <c>36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue</c>.</summary>
    private static MountEntry? ParseLine(ReadOnlySpan<byte> line)
    {
        // The number of optional fields varies; a lone hyphen ends them, and no field before holds " - ".
        var hyphen = line.IndexOf(" - "u8);
        if (hyphen < 0 || !int.TryParse(Next(ref line, ref hyphen), out var id))
            return null;
        Next(ref line, ref hyphen);
        var device = Next(ref line, ref hyphen);
        var root = WithoutMark(Next(ref line, ref hyphen));
        var target = Next(ref line, ref hyphen);
        if (target.IsEmpty || hyphen < 0)
            return null;
        var type = line[(hyphen + " - ".Length)..];
        var end = type.IndexOf((byte)' ');
        return new(id, Encoding.UTF8.GetString(device), Unescape(root), Unescape(target), Encoding.UTF8.GetString(end < 0 ? type : type[..end]));
    }

    /// <summary>
    /// The kernel marks what was unlinked. A file of a dead LXCFS gets that mark, in every mount of it, as soon as anybody looks
    /// the file up, though nobody removed it.
    /// </summary>
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> root) =>
        root.EndsWith("//deleted"u8) ? root[..Math.Max(1, root.Length - "//deleted".Length)] : root;

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> line, ref int hyphen)
    {
        var end = line.IndexOf((byte)' ');
        if (end < 0)
            return default;
        var field = line[..end];
        line = line[(end + 1)..];
        hyphen -= end + 1;
        // The last field before the hyphen shares its space with it.
        return field;
    }

    /// <summary>The kernel writes space, tab, newline and backslash as three octal digits.</summary>
    private static string Unescape(ReadOnlySpan<byte> field)
    {
        if (field.IndexOf((byte)'\\') < 0)
            return Encoding.UTF8.GetString(field);
        Span<byte> bytes = field.Length <= 512 ? stackalloc byte[field.Length] : new byte[field.Length];
        var length = 0;
        for (var i = 0; i < field.Length; i++)
        {
            var isEscape = field[i] == '\\' && i + 3 < field.Length && IsOctal(field[i + 1]) && IsOctal(field[i + 2]) && IsOctal(field[i + 3]);
            bytes[length++] = isEscape
                ? (byte)(((field[i + 1] - '0') << 6) | ((field[i + 2] - '0') << 3) | (field[i + 3] - '0'))
                : field[i];
            i += isEscape ? 3 : 0;
        }

        return Encoding.UTF8.GetString(bytes[..length]);
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
