using System.Globalization;

namespace LxcfsAgent.Lxcfs;

/// <summary>
/// A control group for LXCFS alone, below the container's own and with half of its memory: a tenant can make LXCFS need memory
/// without end, and then only LXCFS ends, which the agent repairs. Without it the kernel may end the agent too, or on version 2 the
/// whole container (kubelets set memory.oom.group). Version 2 allows processes in the leaves of a tree alone, so that there
/// init and the agent go into a group beside it.
/// </summary>
/// <param name="layout">Where this process is; null where no mount shows it.</param>
internal sealed class ControlGroups(ControlGroupLayout? layout)
{
    private const string Lxcfs = "/lxcfs";
    private const string Agent = "/agent";
    private const string Processes = "/cgroup.procs";
    private const string Ended = "oom_kill ";
    private const string Controllers = "/cgroup.subtree_control";

    /// <summary>Processes may be started while others are moved.</summary>
    private const int Rounds = 10;

    private string? _group;
    private long _outOfMemory;

    /// <summary>For the container that this process is in.</summary>
    public static ControlGroups OfSelf()
    {
        ControlGroupLayout? layout = null;
        Try(() => layout = ControlGroupLayout.OfSelf());
        return new(layout);
    }

    /// <summary>Makes the group, or takes the one that an earlier agent of this container made.</summary>
    /// <returns>Null when it is there; else why it can't be: LXCFS then stays in the container's own.</returns>
    public string? Prepare() => Try(() =>
    {
        if (layout is null)
            return "no mount shows this process's control group";
        if (MemoryLimit.Of(layout) is not { } limit)
            return $"no memory limit holds in {layout.Folder}";
        var container = ContainerFolder(layout);
        if (layout.Mode == CgroupMode.V2)
            Split(container);
        else
            Directory.CreateDirectory(container + Lxcfs);
        Write($"{container}{Lxcfs}/{layout.LimitFile}", limit / 2);
        _group = container + Lxcfs;
        return null;
    });

    /// <summary>Puts LXCFS into its group; what it starts from then on is in it too. Does nothing where there is no group.</summary>
    /// <returns>Why it can't be put there; else null.</returns>
    public string? Place(int pid) => _group is null ? null : Try(() =>
    {
        _outOfMemory = OutOfMemory();
        Write(_group + Processes, pid);
    });

    /// <summary>Why the process that was put there last has ended, as far as its control group tells; else null.</summary>
    public string? WhyEnded() => OutOfMemory() > _outOfMemory ? "memory ran out in its control group" : null;

    /// <summary>How many processes of the group the kernel has ended for want of memory. Older kernels don't tell.</summary>
    private long OutOfMemory()
    {
        var count = 0L;
        if (layout is not null && _group is not null)
        {
            Try(() => count = File.ReadLines($"{_group}/{layout.EventsFile}").Where(line => line.StartsWith(Ended, StringComparison.Ordinal))
                .Select(line => long.Parse(line.AsSpan(Ended.Length), NumberStyles.None, CultureInfo.InvariantCulture)).FirstOrDefault());
        }

        return count;
    }

    private static string ContainerFolder(ControlGroupLayout layout)
    {
        // An earlier agent of this container has moved this process, or rather its parent.
        var around = layout.Mode == CgroupMode.V2 && layout.Folder.EndsWith(Agent, StringComparison.Ordinal) ? layout.Folder[..^Agent.Length] : null;
        return around is not null && Directory.Exists(around + Lxcfs) ? around : layout.Folder;
    }

    private static void Split(string container)
    {
        Directory.CreateDirectory(container + Agent);
        Directory.CreateDirectory(container + Lxcfs);
        for (var round = 1; ; round++)
        {
            Move(container, container + Agent);
            try
            {
                Write(container + Controllers, "+memory");
                return;
            }
            catch (IOException) when (round < Rounds)
            {
                // A process that was started meanwhile makes the container's own group busy.
            }
            catch
            {
                Rejoin(container);
                throw;
            }
        }
    }

    /// <summary>Leaves the container's group as it was, as far as that goes.</summary>
    private static void Rejoin(string container)
    {
        Try(() => Move(container + Agent, container));
        Try(() => Directory.Delete(container + Agent));
        Try(() => Directory.Delete(container + Lxcfs));
    }

    private static void Move(string from, string to)
    {
        foreach (var pid in File.ReadAllLines(from + Processes))
        {
            try
            {
                Write(to + Processes, pid);
            }
            catch (IOException) when (!Directory.Exists($"/proc/{pid}"))
            {
                // It has ended.
            }
        }
    }

    private static void Write<T>(string file, T value)
        where T : notnull
    {
        // Neither made nor emptied: these are no files on a disk.
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value}")));
    }

    private static string? Try(Action work) => Try(() =>
    {
        work();
        return null;
    });

    private static string? Try(Func<string?> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
