using System.Net.Sockets;

namespace LxcfsAgent.Nri;

/// <summary>A connection to the runtime's socket.</summary>
internal sealed class NriConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Lock _sending = new();

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public NriConnection(string path)
    {
        // The kernel applies it to connect as well, which else waits for ever where a runtime accepts nobody.
        _socket.SendTimeout = (int)NriLimits.Send.TotalMilliseconds;
        try
        {
            _socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends, on any thread. What can't be sent ends the connection, which <see cref="Serve"/> then says.</summary>
    public void Send(byte[] bytes)
    {
        lock (_sending)
        {
            try
            {
                _socket.Send(bytes);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                End();
            }
        }
    }

    /// <summary>Goes on until the runtime, or anybody here, ends the connection.</summary>
    /// <exception cref="SocketException"/>
    /// <exception cref="InvalidDataException"/>
    /// <exception cref="TimeoutException"/>
    public void Serve(NriConversation conversation)
    {
        conversation.Register();
        var buffer = new byte[64 << 10];
        while (true)
        {
            if (_socket.Poll(conversation.NextDue is { } due ? TimeSpan.FromTicks(Math.Max(0, due.Ticks)) : Timeout.InfiniteTimeSpan, SelectMode.SelectRead))
            {
                var count = _socket.Receive(buffer);
                if (count == 0)
                    return;
                conversation.Receive(buffer.AsSpan(0, count));
            }

            conversation.Expire();
        }
    }

    /// <summary>Ends it, on any thread.</summary>
    public void End()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended.
        }
    }

    public void Dispose() => _socket.Dispose();
}
