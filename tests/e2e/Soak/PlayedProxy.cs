using System.Net;
using System.Net.Sockets;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.EndToEnd.Parts;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>
/// Plays kube-proxy, in these tests alone: the one address of a Service. It hands each new connection to whoever is the
/// endpoint then, byte by byte; one that exists stays where it is.
/// </summary>
internal sealed class PlayedProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener;
    private readonly Task _accepting;
    private volatile int _endpoint;

    public PlayedProxy()
    {
        Port = LoopbackPort.Take();
        _listener = new(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>As a registration names it.</summary>
    public string Host => $"{Functions.Name}:{Port}";

    /// <summary>The port of the endpoint; null while there is none, and connections are refused.</summary>
    public int? Endpoint
    {
        get => _endpoint is 0 ? null : _endpoint;
        set => _endpoint = value ?? 0;
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
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = HandOnAsync(await _listener.AcceptSocketAsync(_end.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task HandOnAsync(Socket caller)
    {
        using var from = new NetworkStream(caller, ownsSocket: true);
        if (Endpoint is not { } port)
            return;
        try
        {
            var callee = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var to = new NetworkStream(await ConnectedAsync(callee, port), ownsSocket: true);
            caller.NoDelay = true;
            // Where one side ends the connection, it has ended.
            await await Task.WhenAny(from.CopyToAsync(to, _end.Token), to.CopyToAsync(from, _end.Token));
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
        {
            // So it has here.
        }
    }

    private static async Task<Socket> ConnectedAsync(Socket socket, int port)
    {
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
