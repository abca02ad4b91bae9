namespace LxcfsAgent.Worker;

/// <summary>
/// The mount namespace of a container that the runtime has named, which belongs to a user namespace of the container's own: the one kind
/// of these that is entered. As long as the process lives, the user namespace is no other one.
/// </summary>
/// <param name="Namespace">The link of the mount namespace, such as <c>mnt:[4026532391]</c>.</param>
/// <param name="Owner">The link of the user namespace that it belongs to. What a tenant nests in the container belongs to another one.</param>
/// <param name="Process">The process that the runtime has named.</param>
internal sealed record NamedNamespace(string Namespace, string Owner, ProcessFacts Process)
{
    /// <summary>Whether a mount namespace of this name and owner is still the one that the runtime has named.</summary>
    public bool Is(string name, string owner, Processes processes) =>
        name == Namespace && owner == Owner && processes.StatOf($"{Process.Pid}").Started == Process.Started;
}
