namespace LxcfsAgent.Nri;

/// <summary>What the runtime asks about one container. Null stands for a pod or container that is missing, or larger than is taken.</summary>
/// <param name="Event">The event that StateChange tells of; for calls of their own, 0.</param>
internal sealed record ContainerEvent(int Event, NriPod? Pod, NriContainer? Container)
{
    /// <summary>Reads a call that is about one container.</summary>
    /// <exception cref="InvalidDataException">It is no protobuf.</exception>
    public static ContainerEvent ReadCall(ReadOnlySpan<byte> payload) =>
        Read(payload, eventField: 0, NriApi.ContainerRequest.Pod, NriApi.ContainerRequest.Container);

    /// <summary>Reads a StateChange, by which a runtime tells what older ones have no call for.</summary>
    /// <exception cref="InvalidDataException">It is no protobuf.</exception>
    public static ContainerEvent ReadStateChange(ReadOnlySpan<byte> payload) =>
        Read(payload, NriApi.StateChangeEvent.Event, NriApi.StateChangeEvent.Pod, NriApi.StateChangeEvent.Container);

    private static ContainerEvent Read(ReadOnlySpan<byte> payload, int eventField, int podField, int containerField)
    {
        var kind = 0;
        NriPod? pod = null;
        NriContainer? container = null;
        for (var reader = new ProtoReader(payload); reader.Next();)
        {
            if (reader.Field == eventField)
                kind = (int)reader.Number;
            else if (reader.Field == podField)
                pod = NriReader.Pod(reader.Bytes, new(NriLimits.Pod));
            else if (reader.Field == containerField)
                container = NriReader.Container(reader.Bytes, new(NriLimits.Container));
        }

        return new(kind, pod, container);
    }
}
