using System.Globalization;
using LxcfsAgent.Plan;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Plans;

/// <summary>An LXCFS of a simulated node.</summary>
internal sealed class SimulatedLxcfs(int pid, long generation, string mountPoint, string device)
{
    public int Pid => pid;

    public long Generation => generation;

    public string MountPoint => mountPoint;

    public string Device => device;

    public bool Runs { get; set; } = true;

    public bool IsMounted { get; set; }
}

/// <summary>A mount at a path of a container.</summary>
internal sealed record SimulatedLayer(int Id, string Device, bool IsLxcfs);

/// <summary>A container of a simulated node: what lies at its files, the topmost last.</summary>
internal sealed class SimulatedContainer(int number, bool hidden)
{
    public string Namespace { get; } = $"mnt:[{number.ToString(CultureInfo.InvariantCulture)}]";

    public int Pid => 1000 + number;

    public bool IsHidden => hidden;

    public Dictionary<string, List<SimulatedLayer>> Files { get; } = new() { ["/proc/meminfo"] = [], ["/proc/stat"] = [] };

    public ContainerFacts Facts(string? live, bool details)
    {
        var files = Files.Where(file => file.Value.Exists(layer => layer.IsLxcfs)).Select(file => FactsOf(file.Key, file.Value)).ToList();
        var healthy = details ? 0 : files.RemoveAll(file => file.Layer == FileLayer.Top && file.Device == live && file.Below is null);
        return new(Namespace, Pid, healthy, files, Processes: details ? [new(Pid, Pid)] : null);
    }

    private FileFacts FactsOf(string path, List<SimulatedLayer> stack)
    {
        var top = stack[^1];
        if (hidden)
            return new(path, path, FileLayer.Hidden, top.Id, top.Device);
        if (!top.IsLxcfs)
            return new(path, path, FileLayer.Covered, top.Id, stack.Last(layer => layer.IsLxcfs).Device);
        var below = stack.AsEnumerable().Reverse().Skip(1).TakeWhile(layer => layer.IsLxcfs).Select(layer => new MountIdentity(layer.Id, layer.Device)).ToArray();
        return new(path, path, FileLayer.Top, top.Id, top.Device, below.Length > 0 ? below : null);
    }
}

/// <summary>A node with its agents, as a value that actions change: what the kernel and the shared folder would be.</summary>
internal sealed class SimulatedNode
{
    public const string Root = "/var/lib/lxc/lxcfs";
    public const string Lxd = "0:900";

    private int _numbers = 100;

    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1);

    public long Owner { get; set; }

    public long LastGeneration { get; set; }

    /// <summary>By pod.</summary>
    public Dictionary<int, long> Generations { get; } = [];

    public List<NodeMount> AtRoot { get; } = [];

    public List<SimulatedLxcfs> Lxcfs { get; } = [];

    public Dictionary<string, long> MountPoints { get; } = [];

    public List<SimulatedContainer> Containers { get; } = [];

    public IReadOnlyList<WithdrawnContainer> Withdrawn { get; private set; } = [];

    public List<SimulatedAgent> Agents { get; } = [];

    public int NextNumber() => _numbers++;

    public bool Answers(string device) => device == Lxd || Lxcfs.Exists(one => one.Device == device && one.Runs);

    /// <summary>The mounts of LXCFS that the node's first process sees as a whole.</summary>
    public List<string> Devices() =>
        [.. Lxcfs.Where(one => one.IsMounted).Select(one => one.Device), .. AtRoot.Where(mount => mount.IsLxcfs).Select(mount => mount.Device), Lxd];

    public ContainerScan Scan(string? live, IReadOnlyCollection<string> skip, bool details)
    {
        var seen = Containers.Where(container => !skip.Contains(container.Namespace)).Select(container => container.Facts(live, details)).ToLookup(facts => facts.IsServed);
        return new([.. seen[false]], new(Containers.Count + 1, 0, [], Devices(), [], [], Complete: true, Served: seen[true].Count())) { Details = details };
    }

    public SimulatedLxcfs Start(long generation)
    {
        var number = NextNumber();
        var mountPoint = $"/var/lib/lxc/.lxcfs-agent/mounts/{generation}-{number}";
        MountPoints[mountPoint] = generation;
        Lxcfs.Add(new(number, generation, mountPoint, $"0:{number}"));
        return Lxcfs[^1];
    }

    public SimulatedContainer Add(string device, bool covered = false, bool hidden = false, int layers = 1)
    {
        var container = new SimulatedContainer(NextNumber(), hidden);
        foreach (var stack in container.Files.Values)
        {
            stack.AddRange(Enumerable.Range(0, layers).Select(_ => new SimulatedLayer(NextNumber(), device, IsLxcfs: true)));
            if (covered)
                stack.Add(new(NextNumber(), "0:7", IsLxcfs: false));
        }

        Containers.Add(container);
        return container;
    }

    /// <summary>Takes away an LXCFS with its mount; what is bound to it elsewhere stays, dead.</summary>
    public void Remove(string mountPoint)
    {
        foreach (var one in Lxcfs.Where(one => one.MountPoint == mountPoint))
            (one.Runs, one.IsMounted) = (false, false);
        MountPoints.Remove(mountPoint);
    }

    public void Publish(string mountPoint)
    {
        if (AtRoot is [.., { IsLxcfs: false }])
            throw new IOException($"{Root} is covered");
        var device = Serving(mountPoint).Device;
        AtRoot.Clear();
        AtRoot.Add(new(Root, device, IsLxcfs: true));
    }

    public void Unpublish() => AtRoot.RemoveAll(mount => mount.IsLxcfs);

    /// <summary>Each file as the worker does it: only where the very mount that was identified is topmost.</summary>
    public IReadOnlyList<WorkOutcome> Work(IEnumerable<ContainerWork> work, string? mountPoint)
    {
        var device = mountPoint is null ? null : Serving(mountPoint).Device;
        return [.. work.Select(one => InContainer(one, (stack, file) =>
        {
            var done = false;
            foreach (var mount in (MountIdentity[])[new(file.Mount, file.Device), .. file.Below ?? []])
            {
                done = stack is [.., var top] && new MountIdentity(top.Id, top.Device) == mount;
                if (done)
                    stack.RemoveAt(stack.Count - 1);
            }

            if (done && device is not null)
                stack.Add(new(NextNumber(), device, IsLxcfs: true));
            return done;
        }))];
    }

    public IReadOnlyList<WorkOutcome> Withdraw(IReadOnlyList<ContainerWork> work)
    {
        Withdrawn = WithdrawnRecord.With(Withdrawn, work);
        return Work(work, mountPoint: null);
    }

    public IReadOnlyList<WorkOutcome> Restore(RestoreFiles restore, Func<string, int> timesOf)
    {
        var device = Serving(restore.MountPoint).Device;
        var work = WithdrawnRecord.Work(restore.Containers);
        var outcomes = work.Select(one => InContainer(one, (stack, _) =>
        {
            if (stack.Count > 0)
                return false;
            stack.Add(new(NextNumber(), device, IsLxcfs: true));
            return true;
        })).ToList();
        Withdrawn = WithdrawnRecord.AfterRestore(Withdrawn, restore.Containers, outcomes, timesOf);
        return outcomes;
    }

    private WorkOutcome InContainer(ContainerWork work, Func<List<SimulatedLayer>, FileFacts, bool> change) =>
        Containers.Find(container => container.Namespace == work.Namespace) is { } container
            ? new(work.Namespace, work.Files.Count(file => change(container.Files[file.Target], file)))
            : new(work.Namespace, 0, Gone: true);

    private SimulatedLxcfs Serving(string mountPoint) =>
        Lxcfs.Find(one => one.MountPoint == mountPoint && one.IsMounted && one.Runs) ?? throw new IOException($"{mountPoint} does not answer");
}
