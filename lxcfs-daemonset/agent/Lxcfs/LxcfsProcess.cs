using System.ComponentModel;
using System.Text;
using LxcfsAgent.Native;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Lxcfs;

/// <summary>One process of LXCFS with its mount. It outlives the agent: the next one adopts it.</summary>
internal sealed class LxcfsProcess : IDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly PidFd _process;

    private LxcfsProcess(PidFd process, string mountPoint, bool isAdopted)
    {
        _process = process;
        MountPoint = mountPoint;
        IsAdopted = isAdopted;
    }

    public int Id => _process.Pid;

    public string MountPoint { get; }

    /// <summary>Whether an agent before this one started it.</summary>
    public bool IsAdopted { get; }

    /// <summary>Set once the process has ended.</summary>
    public WaitHandle Exited => _process.Exited;

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts LXCFS in the foreground: CPU quotas shown as CPUs, and load averages per container.</summary>
    /// <param name="program">The executable; the folder that it is in holds its libraries.</param>
    /// <param name="mountPoint">A new folder, of this process alone.</param>
    /// <param name="output">Where it writes what it says.</param>
    /// <exception cref="Win32Exception">It can't be started.</exception>
    public static LxcfsProcess Start(string program, string mountPoint, Descriptor output, IReadOnlyDictionary<string, string> environment)
    {
        Directory.CreateDirectory(mountPoint);
        using var input = Descriptor.Open("/dev/null", Libc.ORdonly);
        // Each process locks a file of its own; a successor finds the process by it.
        var pid = new Spawn(program, [program, "-f", "-p", StateFolder.PidFile(mountPoint), "-l", "--enable-cfs", mountPoint])
        {
            Environment = new Dictionary<string, string>(environment) { ["LD_LIBRARY_PATH"] = Path.GetDirectoryName(program)! },
            Descriptors = new Dictionary<int, Descriptor> { [0] = input, [1] = output, [2] = output },
        }.Start();
        return new(PidFd.TryOpen(pid) ?? throw new InvalidOperationException("LXCFS is gone before it is reaped"), mountPoint, isAdopted: false);
    }

    /// <summary>
    /// The process that an agent before this one started at a mount point, and left. A number in a file may be another process's by now:
    /// only a child of this agent or of its parent, with that mount point among its arguments, is it.
    /// </summary>
    public static LxcfsProcess? Find(string mountPoint)
    {
        if (StateFolder.PidOf(mountPoint) is not { } pid || PidFd.TryOpen(pid) is not { } process)
            return null;
        if (!process.HasExited && IsOurs(pid, mountPoint))
            return new(process, mountPoint, isAdopted: true);
        process.Dispose();
        return null;
    }

    /// <summary>
    /// Ends the process at once. SIGTERM would make LXCFS take seconds and unmount by path; there is nothing that it could lose.
    /// </summary>
    public void Kill()
    {
        _ = _process.Signal(ProcessCalls.SigKill);
        _ = _process.WaitForExit(LongestEnd);
        // An adopted one is its parent's to reap.
        _ = Children.TryReap(Id);
    }

    /// <summary>Lets go of it, and leaves it running.</summary>
    public void Dispose() => _process.Dispose();

    private static bool IsOurs(int pid, string mountPoint)
    {
        try
        {
            var parent = ProcessStat.Parse(File.ReadAllText($"/proc/{pid}/stat")).Parent;
            return (parent == Environment.ProcessId || parent == ProcessStat.Parse(File.ReadAllText("/proc/self/stat")).Parent)
                && Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Split('\0').Contains(mountPoint);
        }
        catch (IOException exception) when (!Libc.IsWant(exception))
        {
            return false;
        }
    }
}
