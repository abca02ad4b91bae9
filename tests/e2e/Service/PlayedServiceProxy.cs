using System.Net;
using System.Net.Sockets;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Service;

/// <summary>
/// Plays kube-proxy and a network of pods: what is sent to the Service's address arrives at the pod's port. The address is one of
/// loopback, since an API server takes a range of them for its Services; the pod is reached in its own network namespace.
/// </summary>
internal sealed class PlayedServiceProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener;
    private readonly Task _accepting;

    /// <param name="pid">Of a process in the pod's network namespace.</param>
    public PlayedServiceProxy(IPAddress address, int port, int pid, int targetPort)
    {
        _listener = new(address, port);
        _listener.Start();
        _accepting = AcceptAsync(pid, targetPort);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync(int pid, int port)
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_end.Token), pid, port));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(TcpClient client, int pid, int port)
    {
        using (client)
        using (var socket = Libc.SocketIn(pid))
        {
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, _end.Token);
                await using var pod = new NetworkStream(socket);
                await Task.WhenAny(client.GetStream().CopyToAsync(pod, _end.Token), pod.CopyToAsync(client.GetStream(), _end.Token));
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException)
            {
                // Nobody listens there yet, or the test is over.
            }
        }
    }
}
