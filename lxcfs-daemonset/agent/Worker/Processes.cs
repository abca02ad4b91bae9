using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>The node's processes, and the mount namespaces that they are in.</summary>
internal sealed class Processes(ProcFolder proc)
{
    private const int MostRefused = 20;

    private readonly List<(int Pid, int Error)> _refused = [];
    private byte[] _text = new byte[4096];

    /// <summary>How often it could not be told where a process is, for want of memory, say. That one is not gone.</summary>
    public int Failures { get; private set; }

    /// <summary>Processes that may not be looked at, some of them where there are many, and what the kernel says of it. These are not gone either.</summary>
    public IReadOnlyList<(int Pid, int Error)> Refused => _refused;

    /// <summary>Every process, by its number, as the kernel lists them.</summary>
    public static IEnumerable<int> All() =>
        new FileSystemEnumerable<int>("/proc", (ref FileSystemEntry entry) => int.Parse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture))
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => char.IsAsciiDigit(entry.FileName[0]),
        };

    /// <summary>The folder below /proc of a process' task that lives, and the link of its mount namespace as a number.</summary>
    /// <remarks>The first thread of a program may have ended while others go on: it is in no namespace any more.</remarks>
    /// <returns>Null for a process that has ended, or is none of a user's, and for one that could not be looked at, which is noted.</returns>
    public (string Task, UInt128 Link)? NamespaceOf(int pid)
    {
        var own = pid.ToString(CultureInfo.InvariantCulture);
        var link = LinkOf(own, out var error);
        // The kernel refuses it of a process that ends just then, too, and the second time that it is gone.
        if (link == default && Libc.IsRefusal(error))
            link = LinkOf(own, out error);
        if (link != default)
            return (own, link);
        if (!Libc.IsAbsence(error))
        {
            Note(pid, error);
            return null;
        }

        // Ten thousand that have ended and that nobody reaps have one thread each, and cost no more than this.
        if (StatOf(own) is not { State: 'Z', Threads: > 1 })
            return null;
        foreach (var task in TasksOf(pid))
        {
            if (LinkOf(task, out error) is var other && other != default)
                return (task, other);
            if (!Libc.IsAbsence(error))
                Note(pid, error);
        }

        return null;
    }

    /// <summary>A namespace's link as the kernel writes it, from its number.</summary>
    public static string Text(UInt128 link) => Encoding.ASCII.GetString(BitConverter.GetBytes(link)).TrimEnd('\0');

    /// <summary>The number again, from what <see cref="Text"/> makes of it; of any other text, that of no namespace.</summary>
    public static UInt128 Number(string name)
    {
        Span<byte> link = stackalloc byte[16];
        link.Clear();
        return Encoding.ASCII.TryGetBytes(name, link, out _) ? BitConverter.ToUInt128(link) : 0;
    }

    public ProcessStat StatOf(string task)
    {
        using var file = proc.Folder.TryOpenAt($"{task}/stat", Libc.ORdonly);
        var text = file is null ? default : file.Read(ref _text, 4096);
        if (text.Length == 0 && !Libc.IsAbsence(Marshal.GetLastPInvokeError()))
            Failures++;
        return ProcessStat.Parse(Encoding.UTF8.GetString(text));
    }

    /// <summary>The control group, on cgroup v1 that of its memory; empty once the process has ended.</summary>
    public string CgroupOf(string task)
    {
        using var file = proc.Folder.TryOpenAt($"{task}/cgroup", Libc.ORdonly);
        var lines = file is null ? [] : Encoding.UTF8.GetString(file.Read(ref _text, 65536)).Split('\n');
        var line = lines.FirstOrDefault(line => line.Contains(":memory:", StringComparison.Ordinal))
            ?? lines.FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal));
        return line?.Split(':', 3) is [_, _, var path] ? path : "";
    }

    /// <summary>
    /// At most some: who started ten thousand threads and ended the first is told by the first few. By path: the calling thread has to be
    /// in its own namespace.
    /// </summary>
    private IEnumerable<string> TasksOf(int pid)
    {
        const int most = 16;
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{pid}/task").Take(most).Select(path => path["/proc/".Length..])];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Failures++;
            return [];
        }
    }

    /// <summary>The text of the link, <c>mnt:[4026532391]</c>, which is 16 bytes long, as a number; 0 when there is none.</summary>
    private unsafe UInt128 LinkOf(string task, out int error)
    {
        error = 0;
        Span<byte> path = stackalloc byte[64];
        Utf8.TryWrite(path, CultureInfo.InvariantCulture, $"{task}/ns/mnt\0", out _);
        Span<byte> target = stackalloc byte[16];
        target.Clear();
        fixed (byte* from = path, to = target)
        {
            if (Libc.ReadLinkAt(proc.Folder.Number, from, to, target.Length) > 0)
                return BitConverter.ToUInt128(target);
        }

        error = Marshal.GetLastPInvokeError();
        return 0;
    }

    private void Note(int pid, int error)
    {
        if (!Libc.IsRefusal(error))
            Failures++;
        else if (_refused.Count < MostRefused)
            _refused.Add((pid, error));
    }
}
