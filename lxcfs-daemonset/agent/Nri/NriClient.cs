using System.Net.Sockets;

namespace LxcfsAgent.Nri;

/// <summary>
/// Keeps the plugin registered with the node's container runtime by its Node Resource Interface: connects, registers, serves, and connects
/// again for ever, since a runtime that restarts makes a new socket. A thread of its own, and two for the plugin.
/// </summary>
internal sealed class NriClient : IDisposable
{
    /// <summary>Longer than a container takes from its creation to its start.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly string _socket;
    private readonly PluginCalls _calls;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private readonly Timer _again;
    private NriConnection? _connection;
    private NriConversation? _conversation;
    private TimeSpan _served;
    private string? _lastReason;
    private volatile bool _endsHere;
    private volatile bool _isAnotherList;

    /// <param name="socket">The path of the runtime's socket; it need not be there yet.</param>
    public NriClient(string socket, INriPlugin plugin, ILogger logger, TimeProvider time)
    {
        (_socket, _logger, _time) = (socket, logger, time);
        _calls = new(plugin, logger, time);
        _again = new(_ =>
        {
            _endsHere = true;
            Volatile.Read(ref _connection)?.End();
        });
        _thread = new(Run) { IsBackground = true, Name = "Nri" };
        _thread.Start();
    }

    /// <summary>Whether the runtime calls the plugin for each container that it makes.</summary>
    public bool IsRegistered => Volatile.Read(ref _conversation) is { IsRegistered: true };

    /// <summary>
    /// Registers anew in a while, for another list of all that the runtime has; it makes one at each registration. Not once more for what that list
    /// shows: each time there is a moment without the plugin, and who takes files away, or starts again and again, would make these go on for ever.
    /// </summary>
    public void RegisterAgain()
    {
        if (_isAnotherList)
            return;
        try
        {
            _again.Change(Again, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The agent ends.
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _again.Dispose();
        Volatile.Read(ref _connection)?.End();
        _thread.Join();
        _calls.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        for (var pause = new ReconnectPause(); !_stop.IsSet;)
        {
            _served = TimeSpan.Zero;
            try
            {
                Serve();
            }
            catch (Exception exception) when (exception is SocketException or InvalidDataException or TimeoutException)
            {
                Tell(exception.Message);
            }
            catch (Exception exception)
            {
                // Whatever it is, pods without the files are worse than one more try.
                Log.NriFailed(_logger, exception);
            }

            _stop.Wait(pause.After(_served));
        }
    }

    private void Serve()
    {
        (_isAnotherList, _endsHere) = (_endsHere, false);
        using var connection = new NriConnection(_socket);
        Volatile.Write(ref _connection, connection);
        var started = _time.GetTimestamp();
        var conversation = new NriConversation(_calls, connection.Send, _logger, _time);
        Volatile.Write(ref _conversation, conversation);
        try
        {
            if (!_stop.IsSet)
                connection.Serve(conversation);
            if (!_stop.IsSet && !_endsHere)
                Tell("the runtime ended the connection");
        }
        finally
        {
            if (conversation.IsRegistered)
                (_served, _lastReason) = (_time.GetElapsedTime(started), null);
            Volatile.Write(ref _conversation, null);
            Volatile.Write(ref _connection, null);
        }
    }

    /// <summary>Says each reason once, until the plugin was registered again.</summary>
    private void Tell(string reason)
    {
        if (reason != _lastReason)
            Log.NriLost(_logger, _socket, reason);
        _lastReason = reason;
    }
}
