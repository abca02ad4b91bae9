namespace LxcfsAgent.Worker;

/// <summary>Reads whole mountinfo files. Pure: what it gets is the text.</summary>
internal static class MountInfo
{
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
}
