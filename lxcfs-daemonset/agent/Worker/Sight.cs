using System.Runtime.InteropServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>What a look at a namespace by one of its processes has shown; nothing where there is nothing of LXCFS.</summary>
internal sealed record Sight
{
    /// <summary>Whether the process has ended before it was shown.</summary>
    public bool IsGone { get; init; }

    public ContainerFacts? Container { get; init; }

    public ForeignNamespace? Foreign { get; init; }

    public UnreadableNamespace? Unreadable { get; init; }

    public string? TooLong { get; init; }

    /// <summary>Of the node's first process alone.</summary>
    public IReadOnlyList<string>? NodeDevices { get; init; }

    /// <summary>The same, by another process.</summary>
    public Sight By(int pid) => this with { Container = Container is { } container ? container with { Pid = pid } : null };

    public static Sight OfUnreadable(string? name, int pid, int error) =>
        new() { Unreadable = new(name, pid, Marshal.GetPInvokeErrorMessage(error), Libc.IsRefusal(error)) };
}
