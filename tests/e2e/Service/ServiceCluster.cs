using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.EndToEnd.Kubelet;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Infra.Tests;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Service;

/// <summary>
/// An API server with the overlay service: the image of the functions runs on a node as the Deployment's pod is stored. The tests
/// play cert-manager, the controllers and the Service's network.
/// </summary>
internal sealed class ServiceCluster : Cluster
{
    private const string Product = "lxcfs-functions", Core = $"api/v1/namespaces/{Product}";

    private readonly Authority _authority = new();
    private ControlPlane? _plane;
    private PlayedPod? _pod;
    private PlayedServiceProxy? _proxy;

    private ServiceCluster()
    {
    }

    protected override string WhyUnserved => _pod is null ? "there is no pod" : _pod["functions"].Log;

    public static async Task<ServiceCluster> StartAsync(PlayedKubelet kubelet)
    {
        Assert.SkipWhen(Binaries.Find(Repository.Root) is null, "there is no kube-apiserver: bash tests/apiserver/build.sh makes it on Debian");
        var cluster = new ServiceCluster();
        try
        {
            await cluster.ApplyAsync();
            await new PlayedCertManager(cluster.Api, cluster._authority).IssueAsync(Product, Product);
            await cluster.RunAsync(kubelet);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_plane is not null)
            await _plane.DisposeAsync();
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_pod is not null)
            await _pod.StopAsync(TimeSpan.FromSeconds(30));
        _authority.Dispose();
    }

    private async Task ApplyAsync()
    {
        // A range of its own, since two runs on one machine would want the same address and port.
        var range = $"127.{RandomNumberGenerator.GetInt32(1, 255)}.{RandomNumberGenerator.GetInt32(256)}.0/24";
        _plane = await ControlPlane.StartAsync(Binaries.Find(Repository.Root)!, arguments: [$"--service-cluster-ip-range={range}"]);
        Kubectl = new(_plane.Kubeconfig, _plane.Folder);
        Api = new(_plane.CreateClient());
        await Kubectl.RunAsync($"apply --filename {Path.Combine(Repository.TestData, "crds")}");
        await Kubectl.RunAsync("wait --for=condition=Established --timeout=60s crd --all");
        await Kubectl.RunAsync("apply --filename -", (await Registration.RenderAsync("service", "", "")).Text);
    }

    /// <summary>Makes the Deployment's pod, runs it, and has the Service lead there.</summary>
    private async Task RunAsync(PlayedKubelet kubelet)
    {
        var deployment = await Api.GetAsync($"apis/apps/v1/namespaces/{Product}/deployments/{Product}");
        var template = deployment["spec"]!["template"]!.DeepClone().AsObject();
        template["metadata"]!["generateName"] = $"{Product}-";
        var stored = (await Api.CreatePodAsync(Product, template)).Succeeded();
        var secrets = (await Api.GetAsync($"{Core}/secrets"))["items"]!.AsArray()
            .Select(item => KubernetesJson.Deserialize<V1Secret>(item!.ToJsonString())).ToDictionary(secret => secret.Name());
        _pod = await kubelet.RunAsync(stored.ToJsonString(), secrets);

        var service = (await Api.GetAsync($"{Core}/services/{Product}"))["spec"]!;
        var port = Assert.Single(service["ports"]!.AsArray())!;
        var (pid, target) = (_pod["functions"].Pid, TargetPort(stored, (string)port["targetPort"]!));
        // An address of loopback, since an API server takes a range of them for its Services.
        _proxy = new(IPAddress.Parse((string)service["clusterIP"]!), (int)port["port"]!)
        {
            Endpoint = cancellation => PlayedServiceProxy.ConnectAsync(Libc.SocketIn(pid), target, cancellation),
        };
    }

    private static int TargetPort(JsonObject pod, string name) => (int)Assert.Single(
        pod["spec"]!["containers"]![0]!["ports"]!.AsArray(), port => (string?)port!["name"] == name)!["containerPort"]!;
}
