using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Infra.Tests;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>A cluster of one node that boot.sh boots in namespaces of its own; all of it ends when disposed, and when the tests are killed.</summary>
internal sealed class BootedCluster : IAsyncDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(2);

    private readonly Process _boot;

    private BootedCluster(string folder, IReadOnlyList<string> arguments)
    {
        Folder = folder;
        Authority = new(Path.Combine(folder, "authority.crt"));
        Processes = new(folder);
        Node = new(folder, Processes);
        _boot = Process.Start(new ProcessStartInfo("bash", ["tests/cluster/boot.sh", folder, .. arguments])
        {
            RedirectStandardInput = true,
            WorkingDirectory = Repository.Root,
        })!;
    }

    public string Folder { get; }

    /// <summary>The API server trusts what it signs.</summary>
    public Authority Authority { get; }

    public NodeProcesses Processes { get; }

    public NodeSwitches Node { get; }

    public string Kubeconfig => Path.Combine(Folder, "kubeconfig");

    public string AuditLog => Path.Combine(Folder, "logs", "audit.log");

    private static string Artifacts { get; } = Path.Combine(Repository.Root, "artifacts", "node");

    /// <summary>The first process of the namespaces.</summary>
    private int Pid { get; set; }

    /// <summary>Boots one and waits until its node is ready.</summary>
    /// <param name="images">Of artifacts/node, that its node has.</param>
    public static async Task<BootedCluster> BootAsync(params string[] images)
    {
        var root = Binaries.Find(Repository.Root, "tests/cluster/root.sh");
        Assert.SkipWhen(root is null, "there is no root file system for a node: bash tests/cluster/prepare.sh makes it");
        foreach (var image in images)
            Assert.SkipUnless(File.Exists(Path.Combine(Artifacts, $"{image}.tar")), $"there is no image {image}: bash tests/cluster/prepare.sh builds it");
        var folder = Directory.CreateTempSubdirectory("lxcfs-cluster-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        var cluster = new BootedCluster(folder, [Repository.ApiServerBinaries, root!, Artifacts, "pause", .. images]);
        try
        {
            await cluster.StartsAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the API server with every right.</summary>
    public HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        };
        var client = new HttpClient(handler) { BaseAddress = new("https://127.0.0.1:6443") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", File.ReadAllText(Path.Combine(Folder, "tokens.csv")).Split(',')[0]);
        return client;
    }

    /// <summary>Runs a program of this machine in the cluster's network, with kubectl in its path and set up.</summary>
    public Task<Command> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string input = "", string? folder = null) =>
        Command.RunAsync("nsenter", [.. Enter, program, .. arguments], Environment(environment), input, folder);

    /// <summary>The same, but it runs on; what it prints is among the cluster's logs.</summary>
    public Child Begin(string program, IReadOnlyDictionary<string, string> environment) =>
        new("nsenter", [.. Enter, program], Path.Combine(Folder, "logs"), environment);

    /// <param name="arguments">Separated by spaces.</param>
    /// <param name="input">A manifest, where an argument is a dash.</param>
    public Task<Command> TryKubectlAsync(string arguments, string input = "") => RunAsync("kubectl", arguments.Split(' '), input: input);

    /// <summary>What it printed; the test fails where kubectl does.</summary>
    public async Task<string> KubectlAsync(string arguments, string input = "") => (await TryKubectlAsync(arguments, input)).Succeeded();

    public Task<string> ApplyAsync(string file) => KubectlAsync($"apply --filename {Path.Combine(Repository.Root, file)}");

    /// <summary>Deletes pods whose end is no matter: this kubelet lets a pod go only once it has collected its containers, which may take it a minute.</summary>
    public Task DeleteAtOnceAsync(string @namespace, params IEnumerable<string> pods) =>
        KubectlAsync($"delete pod --namespace {@namespace} --ignore-not-found --force --grace-period=0 --wait=false {string.Join(' ', pods)}");

    /// <summary>A command of the node's agent; the test fails where it does.</summary>
    public async Task<string> AgentAsync(string command)
    {
        var agent = await KubectlAsync("get pods --namespace lxcfs-system --selector app.kubernetes.io/name=lxcfs-agent --output jsonpath={.items[*].metadata.name}");
        return await KubectlAsync($"exec --namespace lxcfs-system {agent} -- /usr/bin/lxcfs-agent {command}");
    }

    /// <summary>Makes a namespace in which pods can be made: it gets its account from a controller.</summary>
    public async Task CreateNamespaceAsync(string name)
    {
        await KubectlAsync($"create namespace {name}");
        await HasAccountAsync(name);
    }

    public Task NodeIsReadyAsync() => Eventually.NullAsync(async () =>
        (await TryKubectlAsync("wait --for=condition=Ready node/node --timeout=10s")) is { ExitCode: not 0 } fault ? fault.Error : null);

    public async ValueTask DisposeAsync()
    {
        _boot.StandardInput.Close();
        try
        {
            await _boot.WaitForExitAsync().WaitAsync(LongestEnd);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"boot.sh ({_boot.Id}) has not ended after {LongestEnd.TotalSeconds} s");
        }

        _boot.Dispose();
        Authority.Dispose();
        KeepLogs();
        Directory.Delete(Folder, recursive: true);
    }

    private string[] Enter => ["--target", $"{Pid}", "--net", "--"];

    private Dictionary<string, string> Environment(IReadOnlyDictionary<string, string>? more) => new(more ?? new Dictionary<string, string>())
    {
        ["KUBECONFIG"] = Kubeconfig,
        ["HOME"] = Folder,
        ["PATH"] = $"{(more ?? new Dictionary<string, string>()).GetValueOrDefault("PATH")}:{Path.GetDirectoryName(Repository.Kubectl)}:{System.Environment.GetEnvironmentVariable("PATH")}".TrimStart(':'),
    };

    private async Task StartsAsync()
    {
        var file = Path.Combine(Folder, "pid");
        await Eventually.NullAsync(() => File.Exists(file) ? null : _boot.HasExited ? throw new InvalidOperationException("boot.sh ended") : "no namespaces");
        Pid = int.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        await NodeIsReadyAsync();
        await HasAccountAsync("default");
    }

    private Task HasAccountAsync(string name) => Eventually.NullAsync(async () =>
        (await TryKubectlAsync($"get serviceaccount default --namespace {name}")) is { ExitCode: not 0 } fault ? fault.Error : null);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = Libc.SocketIn(Pid);
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>They outlive the cluster, for whoever looks into a failure.</summary>
    private void KeepLogs()
    {
        var kept = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "cluster", "logs")).FullName;
        foreach (var log in Directory.GetFiles(Path.Combine(Folder, "logs")))
            File.Copy(log, Path.Combine(kept, Path.GetFileName(log)), overwrite: true);
    }
}
