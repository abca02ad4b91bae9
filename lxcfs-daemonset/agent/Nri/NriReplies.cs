namespace LxcfsAgent.Nri;

/// <summary>Writes what the plugin says.</summary>
internal static class NriReplies
{
    /// <summary>What marks a destination whose mount is removed.</summary>
    private const string Removed = "-";

    public static byte[] Register(string name, string index) =>
        new ProtoWriter().Add(NriApi.RegisterRequest.Name, name).Add(NriApi.RegisterRequest.Index, index).ToArray();

    public static byte[] Configure() => new ProtoWriter().Add(NriApi.ConfigureResponse.Events, NriApi.Event.Mask).ToArray();

    /// <param name="more">As it was in the request: the runtime takes anything else for a plugin that knows no pieces.</param>
    public static byte[] Synchronize(bool more) => more ? new ProtoWriter().Add(NriApi.SynchronizeResponse.More, 1UL).ToArray() : [];

    public static TtrpcResponse CreateContainer(NriAdjustment adjustment)
    {
        if (adjustment.Error is { } error)
            return TtrpcResponse.Failed(TtrpcResponse.Unknown, error);
        if (adjustment.Mounts.Count == 0 && adjustment.Replaced.Count == 0)
            return TtrpcResponse.Ok([]);
        var adjust = new ProtoWriter();
        foreach (var destination in adjustment.Replaced)
            adjust.Add(NriApi.ContainerAdjustment.Mounts, new ProtoWriter().Add(NriApi.Mount.Destination, Removed + destination));
        foreach (var mount in adjustment.Mounts)
            adjust.Add(NriApi.ContainerAdjustment.Mounts, Mount(mount));
        return TtrpcResponse.Ok(new ProtoWriter().Add(NriApi.CreateContainerResponse.Adjust, adjust).ToArray());
    }

    public static TtrpcResponse StartContainer(string? error) =>
        error is null ? TtrpcResponse.Ok([]) : TtrpcResponse.Failed(TtrpcResponse.Unknown, error);

    private static ProtoWriter Mount(NriMount mount)
    {
        var message = new ProtoWriter()
            .Add(NriApi.Mount.Destination, mount.Destination).Add(NriApi.Mount.Type, mount.Type).Add(NriApi.Mount.Source, mount.Source);
        foreach (var option in mount.Options)
            message.Add(NriApi.Mount.Options, option);
        return message;
    }
}
