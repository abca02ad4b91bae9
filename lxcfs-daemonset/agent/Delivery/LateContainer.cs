using LxcfsAgent.Nri;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Delivery;

/// <summary>A container that may have started without its files.</summary>
/// <param name="Name">For people: namespace, pod and container.</param>
internal sealed record LateContainer(string Id, string Name, ContainerWork Work)
{
    public static LateContainer Of(NriPod pod, NriContainer container, ContainerWork work) =>
        new(container.Id, $"{pod.Namespace}/{pod.Name}/{container.Name}", work);
}
