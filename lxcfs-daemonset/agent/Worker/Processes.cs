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
    private byte[] _text = new byte[4096];

    /// <summary>How often it could not be told where a process is, for want of memory, say. That one is not gone.</summary>
    public int Failures { get; private set; }

    /// <summary>Every process, by its number, as the kernel lists them.</summary>
    public static IEnumerable<int> All() =>
        new FileSystemEnumerable<int>("/proc", (ref FileSystemEntry entry) => int.Parse(entry.FileName, NumberStyles.None, CultureInfo.InvariantCulture))
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => char.IsAsciiDigit(entry.FileName[0]),
        };

    /// <summary>The folder below /proc of a process' task that lives, and the link of its mount namespace as a number.</summary>
    /// <remarks>The first thread of a program may have ended while others go on: it is in no namespace any more.</remarks>
    /// <returns>Null for a process that has ended, or is none of a user's.</returns>
    public (string Task, UInt128 Link)? NamespaceOf(int pid)
    {
        var own = pid.ToString(CultureInfo.InvariantCulture);
        if (LinkOf(own) is var link && link != default)
            return (own, link);
        // Ten thousand that have ended and that nobody reaps have one thread each, and cost no more than this.
        if (StatOf(own) is not { State: 'Z', Threads: > 1 })
            return null;
        foreach (var task in TasksOf(pid))
        {
            if (LinkOf(task) is var other && other != default)
                return (task, other);
        }

        return null;
    }

    /// <summary>A namespace's link as the kernel writes it, from its number.</summary>
    public static string Text(UInt128 link) => Encoding.ASCII.GetString(BitConverter.GetBytes(link)).TrimEnd('\0');

    public ProcessStat StatOf(string task)
    {
        using var file = proc.Folder.TryOpenAt($"{task}/stat", Libc.ORdonly);
        var text = file is null ? default : file.Read(ref _text, 4096);
        if (text.Length == 0)
            NoteFailure();
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
    private unsafe UInt128 LinkOf(string task)
    {
        Span<byte> path = stackalloc byte[64];
        Utf8.TryWrite(path, CultureInfo.InvariantCulture, $"{task}/ns/mnt\0", out _);
        Span<byte> target = stackalloc byte[16];
        target.Clear();
        fixed (byte* from = path, to = target)
        {
            if (Libc.ReadLinkAt(proc.Folder.Number, from, to, target.Length) > 0)
                return BitConverter.ToUInt128(target);
        }

        NoteFailure();
        return 0;
    }

    private void NoteFailure() => Failures += Libc.IsAbsence(Marshal.GetLastPInvokeError()) ? 0 : 1;
}
