using System.Net.Sockets;
using System.Text;

namespace LxcfsAgent.Health;

/// <summary>
/// Answers <c>lxcfs-agent health</c> on a Unix socket that only root of the agent's own container reaches, so that no tenant
/// can keep a probe from its answer. A thread of its own with one client at a time: the agent's loop never waits for it, and it waits
/// for no thread of the pool.
/// </summary>
internal sealed class HealthSocket : IDisposable
{
    /// <summary>In the container's own file system.</summary>
    public const string DefaultPath = "/run/lxcfs-agent/health.sock";

    private const int Clients = 8;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Both the question and the answer of one client have this long; the command asks at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly AgentState _state;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private Socket? _listener;

    private HealthSocket(string path, AgentState state, ILogger logger)
    {
        (_path, _state, _logger) = (path, state, logger);
        TryListen(isFirst: true);
        _thread = new(Serve) { IsBackground = true, Name = "Health" };
        _thread.Start();
    }

    /// <summary>
    /// Answers from now on. Where the socket can't be made, by a disk that is full, say, that is logged and tried again each
    /// second: without probes an agent still serves.
    /// </summary>
    public static HealthSocket Start(string path, AgentState state, ILogger logger) => new(path, state, logger);

    public void Dispose()
    {
        _stop.Set();
        Volatile.Read(ref _listener)?.Dispose();
        _thread.Join();
        _stop.Dispose();
    }

    private void Serve()
    {
        while (!_stop.IsSet)
        {
            if (_listener is null && !TryListen(isFirst: false))
            {
                _stop.Wait(Again);
                continue;
            }

            try
            {
                using var client = _listener!.Accept();
                Answer(client);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // A client that is gone or late gets no answer; an accept that fails for want of descriptors is tried again.
                _stop.Wait(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private void Answer(Socket client)
    {
        client.ReceiveTimeout = client.SendTimeout = (int)Patience.TotalMilliseconds;
        Span<byte> question = stackalloc byte[HealthAnswer.Longest];
        var length = client.Receive(question);
        client.Send(HealthAnswer.Of(Encoding.ASCII.GetString(question[..length]).Trim(), _state).Encode());
    }

    private bool TryListen(bool isFirst)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!, OwnerOnly | UnixFileMode.UserExecute);
            File.SetUnixFileMode(Path.GetDirectoryName(_path)!, OwnerOnly | UnixFileMode.UserExecute);
            // A killed agent leaves its socket behind.
            File.Delete(_path);
            listener.Bind(new UnixDomainSocketEndPoint(_path));
            File.SetUnixFileMode(_path, OwnerOnly);
            listener.Listen(Clients);
            Volatile.Write(ref _listener, listener);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            if (isFirst)
                Log.HealthNotServed(_logger, _path, exception.Message);
            return false;
        }
    }
}
