using System.Net;
using System.Net.Sockets;

namespace LxcfsFunctions.ApiServer;

/// <summary>
/// Plays kube-proxy, in these tests alone: what is sent to a Service's address arrives at whoever is the endpoint when the
/// connection is made. One that exists stays where it is.
/// </summary>
internal sealed class PlayedServiceProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener;
    private readonly Task _accepting;

    public PlayedServiceProxy(IPAddress address, int port)
    {
        _listener = new(address, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Connects to the pod; null while there is none, and connections are closed at once.</summary>
    public Func<CancellationToken, Task<Socket>>? Endpoint { get; set; }

    /// <param name="socket">In the pod's network.</param>
    /// <param name="port">Of the pod.</param>
    public static async Task<Socket> ConnectAsync(Socket socket, int port, CancellationToken cancellation)
    {
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                if (Endpoint is not { } connect)
                    return;
                await using var pod = new NetworkStream(await connect(_end.Token), ownsSocket: true);
                // Where one side ends the connection, it has ended.
                await Task.WhenAny(client.GetStream().CopyToAsync(pod, _end.Token), pod.CopyToAsync(client.GetStream(), _end.Token));
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException)
            {
                // Nobody listens there yet, or the test is over.
            }
        }
    }
}
