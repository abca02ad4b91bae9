using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LxcfsAgent.Nri;

namespace LxcfsAgent.Tests.Nri;

/// <summary>Asks a runtime for pods and containers, as the kubelet does: gRPC by hand, of the messages' fields only what is needed (kubernetes/cri-api, runtime/v1).</summary>
internal sealed class Cri : IDisposable
{
    private const int NodeNetwork = 2;

    private readonly HttpClient _client;

    public Cri(string socket) =>
        _client = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, late) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), late);
                return new NetworkStream(connection, ownsSocket: true);
            },
        });

    public async Task<string> RunPodAsync(ProtoWriter pod) => FirstText(await CallAsync("RunPodSandbox", new ProtoWriter().Add(1, pod)));

    public async Task<string> CreateAsync(string sandbox, ProtoWriter pod, string name, string image) =>
        FirstText(await CallAsync("CreateContainer", new ProtoWriter().Add(1, sandbox)
            .Add(2, new ProtoWriter().Add(1, new ProtoWriter().Add(1, name)).Add(2, new ProtoWriter().Add(1, image)).Add(15, new ProtoWriter()))
            .Add(3, pod)));

    public Task StartAsync(string container) => CallAsync("StartContainer", new ProtoWriter().Add(1, container));

    public Task StopAsync(string container) => CallAsync("StopContainer", new ProtoWriter().Add(1, container));

    public async Task RemovePodAsync(string sandbox)
    {
        await CallAsync("StopPodSandbox", new ProtoWriter().Add(1, sandbox));
        await CallAsync("RemovePodSandbox", new ProtoWriter().Add(1, sandbox));
    }

    /// <summary>A pod in the node's own network, so that no plugin for networks is needed.</summary>
    public static ProtoWriter Pod(string name, string annotation, string value, string cgroup) =>
        new ProtoWriter()
            .Add(1, new ProtoWriter().Add(1, name).Add(2, "uid-" + name).Add(3, "shop"))
            .Add(7, new ProtoWriter().Add(1, annotation).Add(2, value))
            .Add(8, new ProtoWriter().Add(1, cgroup).Add(2, new ProtoWriter().Add(1, new ProtoWriter().Add(1, NodeNetwork))));

    public void Dispose() => _client.Dispose();

    private async Task<byte[]> CallAsync(string method, ProtoWriter message)
    {
        var body = new byte[5 + message.Written.Length];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), message.Written.Length);
        message.Written.CopyTo(body.AsSpan(5));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://localhost/runtime.v1.RuntimeService/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/grpc") } },
        };
        request.Headers.TE.Add(new("trailers"));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var status = response.TrailingHeaders.Concat(response.Headers).Where(header => header.Key.StartsWith("grpc-", StringComparison.Ordinal))
            .ToDictionary(header => header.Key, header => string.Join(' ', header.Value));
        return status.GetValueOrDefault("grpc-status") == "0" ? answer[5..] : throw new InvalidOperationException($"{method}: {string.Join(", ", status)}");
    }

    private static string FirstText(byte[] message)
    {
        var reader = new ProtoReader(message);
        return reader.Next() ? Encoding.UTF8.GetString(reader.Bytes) : "";
    }
}
