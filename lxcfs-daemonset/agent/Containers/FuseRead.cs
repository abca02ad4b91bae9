using System.Collections.Concurrent;
using System.Text;
using LxcfsAgent.Native;

namespace LxcfsAgent.Containers;

/// <summary>How a file system answered a read.</summary>
internal enum FuseAnswer
{
    /// <summary>With data.</summary>
    Data,

    /// <summary>With an error, as a dead one does at once.</summary>
    Fault,

    /// <summary>Not within the time given: it hangs.</summary>
    None,
}

/// <summary>Reads files that may never answer. A read of a hung FUSE file system can't be taken back, only left behind.</summary>
internal static class FuseRead
{
    // One left behind is enough to know that a path hangs; its thread ends when the file system does.
    private static readonly ConcurrentDictionary<string, byte> Hanging = new();

    public static FuseAnswer Try(string path, TimeSpan patience) => Try(path, patience, out _);

    /// <param name="text">What was read; empty unless the answer is data.</param>
    public static FuseAnswer Try(string path, TimeSpan patience, out string text)
    {
        text = "";
        if (Hanging.ContainsKey(path))
            return FuseAnswer.None;

        string? read = null;
        var thread = Background("Read", () => read = OrNull(path));
        if (!thread.Join(patience))
        {
            Hanging[path] = 0;
            Background("Hanging read", () =>
            {
                thread.Join();
                Hanging.TryRemove(path, out _);
            });
            return FuseAnswer.None;
        }

        text = read ?? "";
        return read is null ? FuseAnswer.Fault : FuseAnswer.Data;
    }

    private static string? OrNull(string path)
    {
        var buffer = new byte[4096];
        using var file = Descriptor.TryOpen(path, Libc.ORdonly);
        return file is not null && file.ReadAll(ref buffer) is { Length: > 0 } text ? Encoding.UTF8.GetString(text) : null;
    }

    private static Thread Background(string name, Action work)
    {
        var thread = new Thread(() => work()) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }
}
