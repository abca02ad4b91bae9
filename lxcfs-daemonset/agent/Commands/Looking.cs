using LxcfsAgent.Containers;
using LxcfsAgent.Node;

namespace LxcfsAgent.Commands;

/// <summary>The node and its containers as a command finds them, beside an agent that runs.</summary>
internal sealed class Looking : IDisposable
{
    private readonly ContainerSet _containers;

    private Looking(NodeMounts mounts, IReadOnlyList<MountEntry> entries, string? live)
    {
        Mounts = mounts;
        Live = live;
        Devices = new(live, entries.Select(mount => mount.Device).Where(device => device != live).ToHashSet());
        _containers = new Scan().Run();
    }

    public NodeMounts Mounts { get; }

    /// <summary>The device number of what ROOT shows; null where nothing answers there.</summary>
    public string? Live { get; }

    public Devices Devices { get; }

    public IReadOnlyList<Container> Containers => _containers.All;

    public static Looking At(AgentOptions options)
    {
        var mounts = new NodeMounts(options.Root, options.StateFolder);
        var answers = FuseRead.Try(options.Root + "/proc/uptime", options.Probe) == FuseAnswer.Data;
        return new(mounts, mounts.All(), answers ? NodeMounts.DeviceAt(options.Root) : null);
    }

    public void Dispose() => _containers.Dispose();
}
