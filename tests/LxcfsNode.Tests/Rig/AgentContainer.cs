using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LxcfsNode.Tests.Rig;

/// <summary>
/// The built image, run as the DaemonSet runs it. <see cref="Container.Pid"/> is the container's first process, which only starts,
/// restarts and reaps; its child <see cref="Agent"/> decides.
/// </summary>
internal sealed class AgentContainer : DaemonContainer
{
    public const string Program = "/usr/bin/lxcfs-agent";

    /// <summary>What the tests run; another archive of artifacts/node where LXCFS_NODE_AGENT names one, to see a test fail on it.</summary>
    private static readonly string Current = Environment.GetEnvironmentVariable("LXCFS_NODE_AGENT") ?? "lxcfs-agent";

    /// <summary>Where an image has LXCFS; those of agents before 1.1 had one for each version of control groups.</summary>
    private static readonly string[] Executables = ["/opt/lxcfs/lxcfs", "/opt/lxcfs/v1/lxcfs", "/opt/lxcfs/v2/lxcfs"];

    private readonly string _instance;

    public AgentContainer(Node node, string id, string? instance = null) : base(node, id) =>
        (_instance, Port) = (instance ?? id, new(this));

    /// <summary>The image, as prepare.sh names its archive.</summary>
    public string Image { get; init; } = Current;

    /// <summary>Further settings.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; init; } = [];

    /// <summary>What it answers on its port.</summary>
    public AgentPort Port { get; }

    /// <summary>The process that decides; 0 while the first one has none.</summary>
    public int Agent => Own("run").FirstOrDefault();

    /// <summary>The processes that enter containers for it.</summary>
    public IReadOnlyList<int> Workers => [.. Processes.Children(Agent, Program)];

    /// <summary>The LXCFS processes that it runs, those of an agent before that has died included.</summary>
    public IReadOnlyList<int> Lxcfs
    {
        get
        {
            var parents = new[] { Pid, Agent };
            return [.. Executables.SelectMany(program => Processes.Running(Node.Pid, program)).Where(pid => parents.Contains(Processes.Parent(pid)))];
        }
    }

    /// <param name="instance">The pod's uid: the same for a container that a kubelet restarted.</param>
    public static async Task<AgentContainer> StartAsync(Node node, string id, string? instance = null, bool hostPid = true)
    {
        var agent = new AgentContainer(node, id, instance) { HostPid = hostPid };
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

    /// <summary>Ready, with the memory that the DaemonSet gives it, and a look at the containers every second.</summary>
    /// <param name="options">For ctr run.</param>
    public static async Task<AgentContainer> WatchfulAsync(Node node, string id = "agent", params string[] options)
    {
        var agent = new AgentContainer(node, id) { Memory = 128, Options = options, Settings = [("LXCFS_AGENT_SCAN_SECONDS", "1")] };
        await agent.StartAsync();
        await agent.BecomesReadyAsync();
        return agent;
    }

    /// <summary>Again, as a kubelet restarts the container of a pod that goes on.</summary>
    public Task StartAsync() => RunAsync(Image, [("LXCFS_AGENT_INSTANCE", _instance), .. Settings]);

    public Task BecomesReadyAsync() => Eventually.TrueAsync(
        async () => (await HealthAsync("ready")).ExitCode == 0,
        () => $"{Id} is not ready (running: {IsRunning}); it printed:\n{Log}");

    /// <summary>Ready, and its LXCFS has lived long enough that its end would not look as if it kept failing.</summary>
    public async Task SettlesAsync()
    {
        await BecomesReadyAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.2));
    }

    /// <summary>What <c>lxcfs-agent health</c> tells a probe.</summary>
    /// <param name="what">live or ready.</param>
    public async Task<CommandResult> HealthAsync(string what)
    {
        var result = await TryAgentAsync("health", what);
        return result.ExitCode == AgentPort.UnknownCommand && result.Error.StartsWith("Usage", StringComparison.Ordinal)
            ? await Port.ProbeAsync(what) : result;
    }

    /// <summary>SIGSTOP, at a moment when it doesn't hold the lock that the commands wait for.</summary>
    public Task FreezeAsync() => Eventually.TrueAsync(
        async () =>
        {
            var agent = Agent;
            await Processes.StopAsync(agent);
            if ((await Node.TryAsync("flock", "--nonblock", $"{Node.Parent}/.lxcfs-agent/lock", "true")).ExitCode == 0)
                return true;
            Libc.Signal(agent, Libc.SigCont);
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

    /// <summary>SIGKILL to the process that decides, and to nothing else; waits for the next one.</summary>
    public async Task KillAgentAsync()
    {
        var killed = 0;
        // Between two lives there is none.
        await Eventually.TrueAsync(() => (killed = Agent) != 0, () => $"{Id} has no agent; it printed:\n{Log}");
        Libc.Signal(killed, Libc.SigKill);
        await Eventually.TrueAsync(() => Agent is var next && next != 0 && next != killed, () => $"{Id} starts no other agent; it printed:\n{Log}");
    }

    /// <summary>What is told, though some of it be stale.</summary>
    public async Task<JsonNode> StatusAsync() => JsonNode.Parse((await TryAgentAsync("status", "--json")).Output)!;

    /// <summary>SIGKILL to its LXCFS, of which there is one.</summary>
    public void KillLxcfs() => Libc.Signal(Assert.Single(Lxcfs), Libc.SigKill);

    /// <summary>Every metric by its name; waits for one that others keep from answering.</summary>
    public async Task<IReadOnlyDictionary<string, double>> MetricsAsync()
    {
        string? text = null;
        await Eventually.TrueAsync(
            async () => (text = (await Port.AskAsync("/metrics"))?.Text) is not null, () => $"{Id} tells no metrics (running: {IsRunning}): {Log}");
        return text!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Runs a command of it in the container's namespaces, as an exec of the kubelet's does, without the runtime's own time.
    /// </summary>
    public Task<CommandResult> TryAgentAsync(params string[] arguments) =>
        Command.TryAsync("nsenter", ["--target", $"{Pid}", "--mount", "--pid", "--net", "--", Program, .. arguments]);

    public Task<string> AgentAsync(params string[] arguments) => ExecAsync([Program, .. arguments]);

    /// <summary>Processes of it that run the agent with this command, those before it first.</summary>
    private IEnumerable<int> Own(string command) => new[] { Pid }.Concat(Processes.Children(Pid, Program))
        .Where(pid => Processes.CommandLine(pid) is [_, var first, ..] && first == command);
}
