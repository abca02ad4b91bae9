using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LxcfsNode.Tests.Rig;

/// <summary>The built image, run as the DaemonSet runs it.</summary>
internal sealed class AgentContainer : DaemonContainer
{
    private const string Executable = "/opt/lxcfs/lxcfs";
    private const int Port = 8081;
    private readonly string _instance;

    private AgentContainer(Node node, string id, string instance) : base(node, id) => _instance = instance;

    /// <summary>The LXCFS processes that it runs.</summary>
    public IReadOnlyList<int> Lxcfs =>
        [.. Processes.Running(Node.Pid, Executable).Where(pid => Processes.Status(pid, "PPid") == $"{Pid}")];

    /// <param name="instance">The pod's uid: the same for a container that a kubelet restarted.</param>
    public static async Task<AgentContainer> StartAsync(Node node, string id, string? instance = null, bool hostPid = true)
    {
        var agent = new AgentContainer(node, id, instance ?? id) { HostPid = hostPid };
        await agent.StartAsync();
        return agent;
    }

    /// <summary>Started and ready.</summary>
    public static async Task<AgentContainer> ReadyAsync(Node node, string id, string? instance = null)
    {
        var agent = await StartAsync(node, id, instance);
        await agent.BecomesReadyAsync();
        return agent;
    }

    /// <summary>Again, as a kubelet restarts the container of a pod that goes on.</summary>
    public Task StartAsync() => RunAsync("lxcfs-agent", [("LXCFS_AGENT_INSTANCE", _instance)]);

    public Task BecomesReadyAsync() => Eventually.TrueAsync(
        async () => await StatusAsync("/readyz") == HttpStatusCode.OK,
        () => $"{Id} is not ready (running: {IsRunning}); it printed:\n{Log}");

    /// <summary>Ready, and its LXCFS has lived long enough that its end would not look as if it kept failing.</summary>
    public async Task SettlesAsync()
    {
        await BecomesReadyAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.2));
    }

    /// <summary>SIGSTOP, at a moment when it doesn't hold the lock that the commands wait for.</summary>
    public Task FreezeAsync() => Eventually.TrueAsync(
        async () =>
        {
            await Processes.StopAsync(Pid);
            if ((await Node.TryAsync("flock", "--nonblock", $"{Node.Parent}/.lxcfs-agent/lock", "true")).ExitCode == 0)
                return true;
            Libc.Signal(Pid, Libc.SigCont);
            return false;
        },
        () => $"{Id} always holds the lock");

    /// <summary>Waits for an LXCFS other than the one that is gone, without a pause between two looks.</summary>
    public async Task<int> NextLxcfsAsync(int gone)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Eventually.Patience; await Task.Yield())
        {
            if (Lxcfs.FirstOrDefault(pid => pid != gone) is > 0 and var pid)
                return pid;
        }

        throw new TimeoutException($"{Id} starts no LXCFS; it printed:\n{Log}");
    }

    /// <summary>Null where it doesn't answer.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string path) => (await AskAsync(path))?.Status;

    /// <summary>The status and the text of an answer; null where there is none.</summary>
    public async Task<(HttpStatusCode Status, string Text)?> AskAsync(string path)
    {
        try
        {
            using var client = Client();
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Every metric by its name.</summary>
    public async Task<IReadOnlyDictionary<string, double>> MetricsAsync() => (await AskAsync("/metrics"))!.Value.Text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture));

    public Task<string> AgentAsync(params string[] arguments) => ExecAsync(["/usr/bin/lxcfs-agent", .. arguments]);

    /// <summary>It has a network namespace of its own, as a pod has.</summary>
    private HttpClient Client() => new(new SocketsHttpHandler { ConnectCallback = ConnectAsync })
    {
        BaseAddress = new($"http://127.0.0.1:{Port}"),
        Timeout = Eventually.Patience,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket;
        try
        {
            socket = Libc.SocketIn(Pid);
        }
        catch (IOException error)
        {
            throw new HttpRequestException($"{Id} has ended", error);
        }

        await socket.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
