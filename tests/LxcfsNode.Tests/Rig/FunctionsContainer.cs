using System.Net;
using System.Net.Sockets;

namespace LxcfsNode.Tests.Rig;

/// <summary>The image of the admission functions, with a certificate from the node's folder.</summary>
internal sealed class FunctionsContainer(Node node, string id) : Container(node, id)
{
    private const int Port = 8443;

    public static async Task<FunctionsContainer> StartAsync(Node node, string id)
    {
        var functions = new FunctionsContainer(node, id);
        await functions.StartAsync(
            "lxcfs-functions",
            [
                "--read-only",
                "--mount", $"type=bind,src={node.Folder},dst=/tmp,options=rbind:rprivate:ro",
                "--env", "Lxcfs__AllowAnonymous=true", "--env", "Lxcfs__DrainSeconds=0",
                "--env", "Lxcfs__CertificateFile=/tmp/tls.crt", "--env", "Lxcfs__CertificateKeyFile=/tmp/tls.key",
            ],
            []);
        return functions;
    }

    /// <summary>It has a network namespace of its own, as a pod has.</summary>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        var socket = Libc.SocketIn(Pid);
        await socket.ConnectAsync(IPAddress.Loopback, Port, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
