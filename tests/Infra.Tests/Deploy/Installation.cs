using System.Net.Http.Headers;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Infra.Tests.Cluster;

namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>A checkout, an API server, an Azure that writes down what it is asked, and the functions it would run.</summary>
public sealed class Installation : IAsyncLifetime
{
    private readonly Checkout _checkout = new();
    private readonly string _state = Directory.CreateTempSubdirectory("lxcfs-azure-").FullName;
    private FunctionsApp? _app;
    private ControlPlane? _plane;
    private Controllers? _controllers;

    internal ControlPlane Plane => _plane!;

    internal Controllers Controllers => _controllers!;

    /// <summary>The functions, as they come out of the package.</summary>
    internal string Executable => Path.Combine(_state, "package", "lxcfs-functions");

    /// <summary>A folder that is gone afterwards.</summary>
    internal string State => _state;

    private string Calls => Path.Combine(_state, "calls");

    public async ValueTask InitializeAsync()
    {
        OldApiServer.Adapt(_checkout);
        if (ApiServer.Binaries.Find(Repository.Root) is not { } binaries || !File.Exists(Repository.Package))
            return;
        var package = Directory.CreateDirectory(Path.Combine(_state, "package")).FullName;
        (await Command.RunAsync("unzip", ["-q", Repository.Package, "-d", package])).Succeeded();
        _app = new(Executable, _state);
        await _app.StartAsync();
        _plane = await ControlPlane.StartAsync(
            binaries, new Dictionary<string, string> { ["SSL_CERT_FILE"] = _app.CertificateFile }, cancellation: TestContext.Current.CancellationToken);
        _controllers = new(_plane.CreateClient());
    }

    public async ValueTask DisposeAsync()
    {
        if (_controllers is not null)
            await _controllers.DisposeAsync();
        if (_plane is not null)
            await _plane.DisposeAsync();
        if (_app is not null)
            await _app.DisposeAsync();
        Directory.Delete(_state, recursive: true);
        _checkout.Dispose();
    }

    internal void Need()
    {
        _ = Repository.ApiServerBinaries;
        _checkout.NeedDaemonSet();
        Assert.SkipUnless(File.Exists(Repository.Package), "there is no package: dotnet publish functions -c Release makes it");
    }

    /// <summary>Runs infra/deploy.sh; the call that <paramref name="failing"/> is the line of fails.</summary>
    internal Task<Command> DeployAsync(string arguments, string failing = "") =>
        RunAsync([_checkout.PathOf("infra/deploy.sh"), .. arguments.Split(' ')], failing);

    /// <summary>Runs a line as somebody types it in the checkout's root.</summary>
    internal Task<Command> ShellAsync(string line) => RunAsync(["-c", line]);

    private async Task<Command> RunAsync(string[] arguments, string failing = "")
    {
        Need();
        var path = Environment.GetEnvironmentVariable("PATH");
        return await Command.RunAsync(
            "bash", arguments,
            new Dictionary<string, string>
            {
                ["PATH"] = $"{Path.Combine(Repository.TestData, "stand-ins")}:{path}",
                ["KUBECONFIG"] = Plane.Kubeconfig,
                ["HOME"] = _state,
                ["CURL_CA_BUNDLE"] = _app!.CertificateFile,
                ["LXCFS_POLL_SECONDS"] = "0.1",
                ["LXCFS_SETTLE_SECONDS"] = "2",
                ["KUBECTL"] = Repository.Kubectl,
                ["CALLS"] = Calls,
                ["FAILING"] = failing,
                ["CHECKOUT"] = _checkout.Root,
                ["AZ_STATE"] = _state,
                ["AZ_HOST"] = _app.Host,
            },
            folder: _checkout.Root);
    }

    /// <summary>The calls of az, and those of kubectl that may change something, since the last time.</summary>
    internal string TakeCalls()
    {
        var lines = File.Exists(Calls) ? File.ReadAllLines(Calls) : [];
        File.Delete(Calls);
        // What is asked until it is true is asked as often as the machine is slow.
        return string.Concat(lines.Where((line, i) => i == 0 || line != lines[i - 1]).Select(line => $"{line}\n"));
    }

    /// <summary>What a test may look at besides: what the script wrote.</summary>
    internal Checkout Checkout => _checkout;

    internal string Tokens => File.Exists(Path.Combine(_state, "tokens")) ? File.ReadAllText(Path.Combine(_state, "tokens")) : "";

    internal Task<Command> KubectlAsync(string arguments, string input = "") => Command.RunAsync(
        Repository.Kubectl, arguments.Split(' '),
        new Dictionary<string, string> { ["KUBECONFIG"] = Plane.Kubeconfig, ["HOME"] = _state }, input);

    /// <summary>The API server's answer to a pod that is not made.</summary>
    internal async Task<string> VolumesOfNewPodAsync(string @namespace) => (await KubectlAsync(
        $"create --dry-run=server --namespace {@namespace} --filename - --output jsonpath={{.spec.volumes[*].name}}",
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: app }
        spec: { containers: [{ name: app, image: app }] }
        """)).Succeeded();

    /// <summary>Makes a pod, as the webhooks have it.</summary>
    internal async Task MakePodAsync(string @namespace, string name) => (await KubectlAsync($"create --namespace {@namespace} --filename -", $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}} }
        spec: { containers: [{ name: app, image: app }] }
        """)).Succeeded();

    /// <summary>What a kubelet says of a pod whose containers have ended.</summary>
    internal async Task EndPodAsync(string @namespace, string name)
    {
        using var client = Plane.CreateClient();
        using var content = new StringContent("""{"status":{"phase":"Succeeded"}}""", new MediaTypeHeaderValue("application/merge-patch+json"));
        using var answer = await client.PatchAsync(new Uri($"api/v1/namespaces/{@namespace}/pods/{name}/status", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>As a cluster does for a namespace that goes: the pod of a check that gave up mounts the files until then.</summary>
    internal async Task DeleteChecksAsync() =>
        (await KubectlAsync("delete pods --all-namespaces --field-selector metadata.name=lxcfs-check --force --grace-period=0")).Succeeded();

    /// <summary>The kinds that operators bring, so that the overlay service and every component can be applied.</summary>
    internal async Task AddOperatorsAsync()
    {
        Need();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.TestData, "crds")))
            (await KubectlAsync($"apply --filename {file}")).Succeeded();
        (await KubectlAsync("wait --for=condition=Established --timeout=60s crd --all")).Succeeded();
    }

    /// <summary>Every object that the script could make or change, with its version.</summary>
    internal async Task<string> ObjectsAsync() => (await KubectlAsync(
        "get namespaces,mutatingwebhookconfigurations,validatingwebhookconfigurations,daemonsets,deployments,clusterroles --all-namespaces"
        + " --output custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name,VERSION:.metadata.resourceVersion")).Succeeded();
}
