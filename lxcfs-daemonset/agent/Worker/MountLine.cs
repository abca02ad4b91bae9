using System.Text;

namespace LxcfsAgent.Worker;

/// <summary>A line of a mountinfo file where it lies: <c>36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue</c>.</summary>
internal readonly ref struct MountLine
{
    private readonly int _id;
    private readonly int _parent;
    private readonly ReadOnlySpan<byte> _device;
    private readonly ReadOnlySpan<byte> _root;

    private MountLine(int id, int parent, ReadOnlySpan<byte> device, ReadOnlySpan<byte> root, ReadOnlySpan<byte> target, ReadOnlySpan<byte> type)
    {
        (_id, _parent) = (id, parent);
        _device = device;
        _root = root;
        Target = target;
        Type = type;
    }

    /// <summary>As the kernel writes it, with its escapes.</summary>
    public ReadOnlySpan<byte> Target { get; }

    public ReadOnlySpan<byte> Type { get; }

    public static bool TryRead(ReadOnlySpan<byte> text, out MountLine line)
    {
        line = default;
        // The number of optional fields varies; a lone hyphen ends them, and no field before holds " - ".
        var hyphen = text.IndexOf(" - "u8);
        if (hyphen < 0)
            return false;
        var fields = text[..hyphen].Split((byte)' ');
        if (!fields.MoveNext() || !int.TryParse(text[fields.Current], out var id)
            || !fields.MoveNext() || !int.TryParse(text[fields.Current], out var parent) || !fields.MoveNext())
            return false;
        var device = text[fields.Current];
        if (!fields.MoveNext())
            return false;
        var root = text[fields.Current];
        if (!fields.MoveNext())
            return false;
        var target = text[fields.Current];
        var type = text[(hyphen + " - ".Length)..];
        var end = type.IndexOf((byte)' ');
        line = new(id, parent, device, root, target, end < 0 ? type : type[..end]);
        return true;
    }

    public MountEntry ToEntry() =>
        new(_id, _parent, Encoding.UTF8.GetString(_device), Unescape(WithoutMark(_root)), Unescape(Target), Encoding.UTF8.GetString(Type));

    /// <summary>
    /// The kernel marks what was unlinked. A file of a dead LXCFS gets that mark, in every mount of it, as soon as anybody looks
    /// the file up, though nobody removed it.
    /// </summary>
    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> root) =>
        root.EndsWith("//deleted"u8) ? root[..Math.Max(1, root.Length - "//deleted".Length)] : root;

    /// <summary>The kernel writes space, tab, newline and backslash as three octal digits. What is no UTF-8 becomes U+FFFD, and so no file's path.</summary>
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
            if (isEscape)
                i += 3;
        }

        return Encoding.UTF8.GetString(bytes[..length]);
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
