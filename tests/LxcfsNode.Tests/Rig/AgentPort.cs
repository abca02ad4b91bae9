using System.Net;
using System.Net.Sockets;

namespace LxcfsNode.Tests.Rig;

/// <summary>The port of an agent, as Prometheus and whoever else reaches the pod's network meets it.</summary>
internal sealed class AgentPort(Container agent)
{
    /// <summary>The exit code of an agent of before the probes were commands (sysexits.h, EX_USAGE).</summary>
    public const int UnknownCommand = 64;

    private const int Port = 8081;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The status and the text of an answer; null where there is none.</summary>
    public async Task<(HttpStatusCode Status, string Text)?> AskAsync(string path)
    {
        try
        {
            using var client = Client();
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>As agents of before answered a kubelet.</summary>
    public async Task<CommandResult> ProbeAsync(string what) => await AskAsync($"/{what}z") is var (status, text)
        ? new(status == HttpStatusCode.OK ? 0 : 1, text, "") : new(1, "", "no answer");

    /// <summary>An open connection that nothing is sent over.</summary>
    public async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        Socket socket;
        try
        {
            // The agent has a network namespace of its own, as a pod has.
            socket = Libc.SocketIn(agent.Pid);
        }
        catch (IOException error)
        {
            throw new HttpRequestException($"{agent.Id} has ended", error);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Where others keep the port busy, the kernel would try for minutes.
        patience.CancelAfter(Longest);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Port, patience.Token);
            return socket;
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new HttpRequestException($"{agent.Id} takes no connection within {Longest.TotalSeconds} s", error);
        }
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) => new NetworkStream(await ConnectAsync(cancellation), ownsSocket: true),
    })
    {
        BaseAddress = new($"http://127.0.0.1:{Port}"),
        Timeout = TimeSpan.FromSeconds(5),
    };
}
