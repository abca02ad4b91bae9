namespace LxcfsAgent.Nri;

/// <summary>A container as the runtime knows it. Its name and mounts are text that a tenant chose.</summary>
/// <param name="Pid">0 before there is a process.</param>
/// <param name="Mounts">Only those whose destination may lie below /proc or /sys.</param>
internal sealed record NriContainer(
    string Id,
    string PodSandboxId,
    string Name,
    NriContainerState State,
    int Pid,
    IReadOnlyList<NriMount> Mounts,
    IReadOnlyList<NriNamespace> Namespaces);

/// <summary>A mount of a container.</summary>
internal sealed record NriMount(string Destination, string Type, string Source, IReadOnlyList<string> Options);

/// <summary>A namespace that a container is to have.</summary>
/// <param name="Type">Such as <c>user</c>.</param>
/// <param name="Path">Empty for a new one.</param>
internal sealed record NriNamespace(string Type, string Path);

/// <summary>The states by the protocol's own numbers.</summary>
internal enum NriContainerState
{
    Unknown = 0,
    Created = 1,
    Paused = 2,
    Running = 3,
    Stopped = 4,
}
