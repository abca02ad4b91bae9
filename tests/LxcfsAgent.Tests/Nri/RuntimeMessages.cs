using LxcfsAgent.Nri;

namespace LxcfsAgent.Tests.Nri;

/// <summary>Writes what a runtime says, with fields that the agent does not read among those that it does.</summary>
internal static class RuntimeMessages
{
    public static byte[] Call(string method, byte[] payload, uint stream, string service = "nri.pkg.api.v1alpha1.Plugin") =>
        Multiplexer.Frame(Multiplexer.Plugin, new(stream, TtrpcMessage.Request, TtrpcRequest.Encode(service, method, payload)));

    public static byte[] Accept() => Multiplexer.Frame(Multiplexer.Runtime, new(1, TtrpcMessage.Response, TtrpcResponse.Ok([]).Encode()));

    public static byte[] Configure() => new ProtoWriter().Add(1, "config").Add(2, "containerd").Add(3, "v1.7.24").Add(4, 5000).Add(5, 2000).ToArray();

    public static byte[] Synchronize(IEnumerable<NriPod> pods, IEnumerable<NriContainer> containers, bool more = false)
    {
        var message = new ProtoWriter();
        foreach (var pod in pods)
            message.Add(1, Pod(pod));
        foreach (var container in containers)
            message.Add(2, Container(container));
        return (more ? message.Add(3, 1UL) : message).ToArray();
    }

    public static byte[] Of(NriPod pod, NriContainer container) => new ProtoWriter().Add(1, Pod(pod)).Add(2, Container(container)).ToArray();

    public static byte[] StateChange(int kind, NriPod pod, NriContainer? container)
    {
        var message = new ProtoWriter().Add(1, (ulong)kind).Add(2, Pod(pod));
        return (container is null ? message : message.Add(3, Container(container))).ToArray();
    }

    public static ProtoWriter Pod(NriPod pod)
    {
        var message = new ProtoWriter().Add(1, pod.Id).Add(2, pod.Name).Add(3, pod.Uid).Add(4, pod.Namespace).Add(5, Entry("label", "any"));
        foreach (var (key, value) in pod.Annotations)
            message.Add(6, Entry(key, value));
        return message.Add(6, Entry("somebody.else/annotation", "any")).Add(7, pod.RuntimeHandler).Add(8, new ProtoWriter().Add(3, "/kubepods")).Add(9, 77UL).Add(10, "10.0.0.1");
    }

    public static ProtoWriter Container(NriContainer container)
    {
        var message = new ProtoWriter().Add(1, container.Id).Add(2, container.PodSandboxId).Add(3, container.Name).Add(4, (ulong)container.State)
            .Add(7, "sleep").Add(8, "PATH=/bin").Add(9, Mount(new("/data", "bind", "/var/lib/data", ["rbind"])));
        foreach (var mount in container.Mounts)
            message.Add(9, Mount(mount));
        var linux = new ProtoWriter();
        foreach (var item in container.Namespaces)
            linux.Add(1, new ProtoWriter().Add(1, item.Type).Add(2, item.Path));
        return message.Add(11, linux.Add(5, "/kubepods/pod1")).Add(12, (ulong)container.Pid).Add(14, 1UL);
    }

    public static ProtoWriter Mount(NriMount mount)
    {
        var message = new ProtoWriter().Add(1, mount.Destination).Add(2, mount.Type).Add(3, mount.Source);
        foreach (var option in mount.Options)
            message.Add(4, option);
        return message;
    }

    private static ProtoWriter Entry(string key, string value) => new ProtoWriter().Add(1, key).Add(2, value);
}
