using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LxcfsFunctions.ApiServer;

namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>A checkout, an API server, an Azure that writes down what it is asked, and the functions it would run.</summary>
public sealed class Installation : IAsyncLifetime
{
    private readonly Checkout _checkout = new();
    private readonly CancellationTokenSource _end = new();
    private readonly string _state = Directory.CreateTempSubdirectory("lxcfs-azure-").FullName;
    private FunctionsApp? _app;
    private ControlPlane? _plane;
    private Task _daemonSetController = Task.CompletedTask;

    internal ControlPlane Plane => _plane!;

    private string Log => Path.Combine(_state, "az.log");

    public async ValueTask InitializeAsync()
    {
        if (ApiServer.Binaries.Find(Repository.Root) is not { } binaries || !File.Exists(Repository.Package))
            return;
        var package = Directory.CreateDirectory(Path.Combine(_state, "package")).FullName;
        (await Command.RunAsync("unzip", ["-q", Repository.Package, "-d", package])).Succeeded();
        _app = new(Path.Combine(package, "lxcfs-functions"), _state);
        _plane = await ControlPlane.StartAsync(
            binaries, new Dictionary<string, string> { ["SSL_CERT_FILE"] = _app.CertificateFile }, TestContext.Current.CancellationToken);
        _daemonSetController = Task.Run(ReportReadyAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _daemonSetController;
        if (_plane is not null)
            await _plane.DisposeAsync();
        if (_app is not null)
            await _app.DisposeAsync();
        Directory.Delete(_state, recursive: true);
        _checkout.Dispose();
        _end.Dispose();
    }

    internal void Need()
    {
        _ = Repository.ApiServerBinaries;
        _checkout.NeedDaemonSet();
        Assert.SkipUnless(File.Exists(Repository.Package), "there is no package: dotnet publish functions -c Release makes it");
    }

    /// <summary>Runs infra/deploy.sh; a call of az that holds the text <paramref name="failing"/> fails.</summary>
    internal async Task<Command> DeployAsync(string arguments, string failing = "")
    {
        Need();
        var path = Environment.GetEnvironmentVariable("PATH");
        return await Command.RunAsync(
            "bash", [_checkout.PathOf("infra/deploy.sh"), .. arguments.Split(' ')],
            new Dictionary<string, string>
            {
                ["PATH"] = $"{Path.Combine(Repository.TestData, "stand-ins")}:{Path.GetDirectoryName(Repository.Kubectl)}:{path}",
                ["KUBECONFIG"] = Plane.Kubeconfig,
                ["HOME"] = _state,
                ["CURL_CA_BUNDLE"] = _app!.CertificateFile,
                ["LXCFS_POLL_SECONDS"] = "0.1",
                ["LXCFS_SETTLE_SECONDS"] = "2",
                ["AZ_LOG"] = Log,
                ["AZ_STATE"] = _state,
                ["AZ_HOST"] = _app.Host,
                ["AZ_ROOT"] = _checkout.Root,
                ["AZ_FAIL"] = failing,
            },
            folder: _checkout.Root);
    }

    /// <summary>The calls of az since the last time.</summary>
    internal string TakeCalls()
    {
        var calls = File.Exists(Log) ? File.ReadAllText(Log) : "";
        File.Delete(Log);
        return calls;
    }

    internal string Tokens => File.Exists(Path.Combine(_state, "tokens")) ? File.ReadAllText(Path.Combine(_state, "tokens")) : "";

    internal Task<Command> KubectlAsync(string arguments, string input = "") => Command.RunAsync(
        Repository.Kubectl, arguments.Split(' '),
        new Dictionary<string, string> { ["KUBECONFIG"] = Plane.Kubeconfig, ["HOME"] = _state }, input);

    /// <summary>The DaemonSet controller's part: every DaemonSet is where it should be.</summary>
    private async Task ReportReadyAsync()
    {
        using var client = Plane.CreateClient();
        while (!_end.IsCancellationRequested)
        {
            var listed = await client.GetFromJsonAsync<JsonObject>("apis/apps/v1/daemonsets", CancellationToken.None);
            foreach (var item in listed!["items"]!.AsArray())
            {
                var (metadata, generation) = (item!["metadata"]!, (long)item["metadata"]!["generation"]!);
                if ((long?)item["status"]!["observedGeneration"] == generation)
                    continue;
                using var content = JsonContent.Create(new
                {
                    status = new
                    {
                        observedGeneration = generation,
                        desiredNumberScheduled = 1,
                        currentNumberScheduled = 1,
                        updatedNumberScheduled = 1,
                        numberAvailable = 1,
                        numberReady = 1,
                        numberMisscheduled = 0,
                    },
                });
                content.Headers.ContentType = new("application/merge-patch+json");
                await client.PatchAsync(
                    new Uri($"apis/apps/v1/namespaces/{metadata["namespace"]}/daemonsets/{metadata["name"]}/status", UriKind.Relative), content, CancellationToken.None);
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }
}
