using System.Collections.Concurrent;

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
        var thread = new Thread(() => read = Read(path)) { IsBackground = true, Name = "Probe" };
        thread.Start();
        if (!thread.Join(patience))
        {
            Hanging[path] = 0;
            var waiter = new Thread(() =>
            {
                thread.Join();
                Hanging.TryRemove(path, out _);
            });
            waiter.IsBackground = true;
            waiter.Name = "Hanging probe";
            waiter.Start();
            return FuseAnswer.None;
        }

        text = read ?? "";
        return read is null ? FuseAnswer.Fault : FuseAnswer.Data;
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
