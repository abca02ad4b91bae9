using LxcfsAgent.Nri;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Delivery;

/// <summary>A container that may have started without its files.</summary>
/// <param name="Name">For people: namespace, pod and container.</param>
/// <param name="IsListed">Whether the runtime had it already when this agent registered.</param>
internal sealed record LateContainer(string Id, string Name, ContainerWork Work, bool IsListed)
{
    public static LateContainer Of(NriPod pod, NriContainer container, ContainerWork work, bool isListed) =>
        new(container.Id, $"{pod.Namespace}/{pod.Name}/{container.Name}", work, isListed);
}
