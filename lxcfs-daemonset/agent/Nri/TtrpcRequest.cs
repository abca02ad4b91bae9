namespace LxcfsAgent.Nri;

/// <summary>A call by ttrpc (containerd/ttrpc, request.proto: 1 service, 2 method, 3 payload).</summary>
internal readonly ref struct TtrpcRequest
{
    private const int ServiceField = 1, MethodField = 2, PayloadField = 3;

    private TtrpcRequest(ReadOnlySpan<byte> service, ReadOnlySpan<byte> method, ReadOnlySpan<byte> payload)
    {
        Service = service;
        Method = method;
        Payload = payload;
    }

    public ReadOnlySpan<byte> Service { get; }

    public ReadOnlySpan<byte> Method { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <exception cref="InvalidDataException">It is no protobuf.</exception>
    public static TtrpcRequest Parse(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> service = default, method = default, payload = default;
        for (var reader = new ProtoReader(message); reader.Next();)
        {
            if (reader.Field == ServiceField)
                service = reader.Bytes;
            else if (reader.Field == MethodField)
                method = reader.Bytes;
            else if (reader.Field == PayloadField)
                payload = reader.Bytes;
        }

        return new(service, method, payload);
    }

    public static byte[] Encode(string service, string method, ReadOnlySpan<byte> payload) =>
        new ProtoWriter().Add(ServiceField, service).Add(MethodField, method).Add(PayloadField, payload).ToArray();
}
