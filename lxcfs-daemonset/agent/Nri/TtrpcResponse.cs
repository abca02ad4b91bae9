using System.Text;

namespace LxcfsAgent.Nri;

/// <summary>An answer by ttrpc (response.proto: 1 status, 2 payload; google.rpc.Status: 1 code, 2 message).</summary>
/// <param name="Code">One of gRPC's; 0 where all is well.</param>
internal sealed record TtrpcResponse(int Code, string Message, byte[] Payload)
{
    public const int Unknown = 2, ResourceExhausted = 8, Unimplemented = 12;

    private const int StatusField = 1, PayloadField = 2, CodeField = 1, MessageField = 2;

    public static TtrpcResponse Ok(byte[] payload) => new(0, "", payload);

    public static TtrpcResponse Failed(int code, string message) => new(code, Short(message), []);

    /// <summary>Old clients of ttrpc refuse an answer without a status, so an empty one says that all is well.</summary>
    public byte[] Encode()
    {
        var status = new ProtoWriter();
        if (Code != 0)
            status.Add(CodeField, (ulong)Code).Add(MessageField, Message);
        return new ProtoWriter().Add(StatusField, status).Add(PayloadField, Payload).ToArray();
    }

    /// <exception cref="InvalidDataException">It is no protobuf.</exception>
    public static TtrpcResponse Parse(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> text = default, payload = default;
        var code = 0;
        for (var reader = new ProtoReader(message); reader.Next();)
        {
            if (reader.Field == PayloadField)
                payload = reader.Bytes;
            for (var status = new ProtoReader(reader.Field == StatusField ? reader.Bytes : default); status.Next();)
            {
                if (status.Field == CodeField)
                    code = (int)status.Number;
                else if (status.Field == MessageField)
                    text = status.Bytes;
            }
        }

        return new(code, Short(Encoding.UTF8.GetString(text[..Math.Min(text.Length, NriLimits.Error)])), payload.ToArray());
    }

    private static string Short(string message) => message.Length <= NriLimits.Error ? message : message[..NriLimits.Error];
}
