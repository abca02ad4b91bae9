using System.Collections.Concurrent;
using System.Diagnostics;

namespace LxcfsNode.Tests.Rig;

/// <summary>
/// A node in miniature: a pid and a mount namespace with a containerd of its own. LXCFS asks for ptrace access to the pid namespace's
/// first process, which a machine may refuse for its own. The end of that process ends all others and takes every mount along.
/// </summary>
internal sealed partial class Node : IAsyncDisposable
{
    private readonly Process _unshare;
    private readonly ConcurrentDictionary<string, ReaderReport> _reports = [];
    private readonly HashSet<string> _images = [];
    private readonly SemaphoreSlim _importing = new(1);

    private Node(Process unshare, string folder, int pid)
    {
        (_unshare, Folder, Pid) = (unshare, folder, pid);
        Name = Path.GetFileName(folder);
    }

    public static bool IsGuest { get; } = Environment.GetEnvironmentVariable("LXCFS_NODE_GUEST") == "1";

    public static bool IsCgroup2 { get; } = File.Exists("/sys/fs/cgroup/cgroup.controllers");

    public string Name { get; }

    public string Folder { get; }

    /// <summary>Its first process, as the tests see it.</summary>
    public int Pid { get; }

    /// <summary>What the DaemonSet's pod mounts; the parent of <see cref="Root"/>.</summary>
    public string Parent => Path.Combine(Folder, "lxc");

    public string Root => Path.Combine(Parent, "lxcfs");

    /// <summary>What <see cref="Root"/> shows now; null where nothing is mounted there.</summary>
    public Mount? Live => Mount.Of(Pid).LastOrDefault(mount => mount.Target == Root);

    /// <summary>A file for each container, with what it printed.</summary>
    public string LogFolder => Path.Combine(Folder, "logs");

    /// <summary>What its containers printed, for the message of a failure. Apps print nothing.</summary>
    public string Logs => string.Join('\n', Directory.GetFiles(LogFolder).Order(StringComparer.Ordinal)
        .Select(log => (Name: Path.GetFileName(log), Text: File.ReadAllText(log))).Where(log => log.Text.Length > 0)
        .Select(log => $"{log.Name} printed:\n{log.Text}"));

    public static async Task<Node> StartAsync()
    {
        Artifacts.Require("lxcfs-agent.tar");
        var folder = Directory.CreateTempSubdirectory("lxcfs-node-").FullName;
        // Whoever is root in a user namespace has to reach what is mounted from here.
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        // It ends at the end of its input, so also when the tests are killed.
        string[] arguments = ["--pid", "--fork", "--mount", "--mount-proc", "--kill-child", "tini-static", "--", "cat"];
        var unshare = Process.Start(new ProcessStartInfo("unshare", arguments) { RedirectStandardInput = true })!;
        int? first = null;
        await Eventually.TrueAsync(
            () => (first = Processes.ChildOf(unshare.Id, "tini-static")) is not null, () => "the node's first process does not start");
        var node = new Node(unshare, folder, first!.Value);
        try
        {
            await node.SetUpAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public Task<string> RunAsync(params string[] command) => Command.RunAsync("nsenter", Enter(command));

    public Task<CommandResult> TryAsync(params string[] command) => Command.TryAsync("nsenter", Enter(command));

    public Process Start(params string[] command) => Process.Start("nsenter", Enter(command));

    /// <summary>A path of the node, as the tests can open it.</summary>
    public string FromOutside(string path) => $"/proc/{Pid}/root{path}";

    /// <summary>The same for a container of that name which is started again.</summary>
    public ReaderReport Report(string name) => _reports.GetOrAdd(name, _ => new(Path.Combine(Folder, "reports", name)));

    /// <summary>Imports an image that prepare.sh built, once.</summary>
    public async Task<string> ImageAsync(string name)
    {
        await _importing.WaitAsync();
        try
        {
            if (_images.Add(name))
                await RunAsync("ctr", "images", "import", Artifacts.Require($"{name}.tar"));
        }
        finally
        {
            _importing.Release();
        }

        return $"localhost/{name}:test";
    }

    public async ValueTask DisposeAsync()
    {
        _unshare.StandardInput.Close();
        var space = Processes.Link(Pid, "ns/pid");
        await _unshare.WaitForExitAsync().WithinAsync(() => $"the node does not end; in it live {string.Join(", ", Processes.All
            .Where(pid => pid == Pid || (space is not null && Processes.Link(pid, "ns/pid") == space))
            .Select(pid => $"{pid} ({Processes.Status(pid, "Name")}, {Processes.Status(pid, "State")})"))}");
        _unshare.Dispose();
        foreach (var report in _reports.Values)
            report.Dispose();
        _importing.Dispose();
        Cgroups.Remove(Name);
        KeepLogs();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>What the containers printed outlives the node, for whoever looks into a failure.</summary>
    private void KeepLogs()
    {
        // A row of a theory is named with its values, which may be paths.
        var test = TestContext.Current.Test?.TestDisplayName.Split('.')[^1] ?? Name;
        var kept = Path.Combine(Artifacts.Folder, "logs", string.Concat(test.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')));
        Directory.CreateDirectory(kept);
        foreach (var log in Directory.GetFiles(LogFolder))
            File.Copy(log, Path.Combine(kept, Path.GetFileName(log)), overwrite: true);
    }

    private async Task SetUpAsync()
    {
        Directory.CreateDirectory(Parent);
        Directory.CreateDirectory(Path.Combine(Folder, "reports"));
        Directory.CreateDirectory(LogFolder);
        // The sockets and the state of containerd and runc are the node's own, and a node's directories are shared with its pods.
        await RunAsync("mount", "-t", "tmpfs", "node", "/run");
        await RunAsync("mount", "--bind", Parent, Parent);
        await RunAsync("mount", "--make-shared", Parent);
        var configuration = Path.Combine(Folder, "containerd.toml");
        await File.WriteAllTextAsync(configuration, $"""
            version = 2
            root = "{Folder}/containerd"
            state = "/run/containerd"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp"]
            """, TestContext.Current.CancellationToken);
        Start("sh", "-c", $"exec containerd --config {configuration} --log-level error >{LogFolder}/containerd 2>&1").Dispose();
        await Eventually.TrueAsync(async () => (await TryAsync("ctr", "version")).ExitCode == 0, () => "containerd does not answer");
    }

    private string[] Enter(string[] command) => ["--target", $"{Pid}", "--mount", "--pid", "--", .. command];
}
