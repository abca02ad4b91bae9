using System.Reflection;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace LxcfsFunctions.Tests.Published;

/// <summary>
/// The messages between the Functions host and a worker, as JSON. Their classes are internal to Microsoft.Azure.Functions.Worker.Grpc,
/// but the descriptor in it builds and parses every one of them, so no .proto file is needed.
/// </summary>
internal sealed class RpcMessages
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);

    private readonly MessageDescriptor _message;

    /// <param name="folder">The package, with the assembly in it.</param>
    public RpcMessages(string folder)
    {
        var type = Assembly.LoadFrom(Path.Combine(folder, "Microsoft.Azure.Functions.Worker.Grpc.dll"))
            .GetType("Microsoft.Azure.Functions.Worker.Grpc.Messages.FunctionRpcReflection", throwOnError: true)!;
        var file = (FileDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        _message = file.MessageTypes.Single(message => message.Name == "StreamingMessage");
    }

    public byte[] Encode(JsonObject message) => Parser.Parse(message.ToJsonString(), _message).ToByteArray();

    public JsonObject Decode(ReadOnlySpan<byte> message) => JsonNode.Parse(Formatter.Format(_message.Parser.ParseFrom(message)))!.AsObject();
}
