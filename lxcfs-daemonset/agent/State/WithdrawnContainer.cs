using System.Text.Json.Serialization;
using LxcfsAgent.Worker;

namespace LxcfsAgent.State;

/// <summary>A container whose files were taken away because nobody was left to serve them; the next agent gives them back.</summary>
/// <param name="MountNamespace">Its mount namespace, such as <c>mnt:[4026532391]</c>.</param>
/// <param name="Pid">A process in it, by its number on the node.</param>
/// <param name="Started">When that process started, in ticks since the node did: it tells that the container is still the same.</param>
/// <param name="Processes">More of its processes, since any of them may end; agents before 1.1 wrote none.</param>
/// <param name="Named">What tells it where it belongs to a user namespace of its own; null where it is of the node's.</param>
internal sealed record WithdrawnContainer(
    string MountNamespace,
    int Pid,
    long Started,
    IReadOnlyList<WithdrawnFile> Files,
    IReadOnlyList<ProcessFacts>? Processes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NamedNamespace? Named = null);

/// <summary>A file of LXCFS and where the container had it.</summary>
internal sealed record WithdrawnFile(string Path, string Target);
