using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>
/// What a cluster's controllers and its one node would do, as far as a deployment waits for it: DaemonSets get a pod that
/// runs, Deployments are available, a deleted namespace goes, a quota counts, the pod of a verification ends.
/// </summary>
internal sealed class Controllers : IAsyncDisposable
{
    public const string Node = "node-a";

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client;
    private readonly Task _loop;
    private bool _holdsNamespaces;
    private string _seen = "32768 1";
    private string _warning = "";

    public Controllers(HttpClient client)
    {
        _client = client;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>While it is true, a deleted namespace is still going.</summary>
    public bool HoldsNamespaces
    {
        get => Volatile.Read(ref _holdsNamespaces);
        set => Volatile.Write(ref _holdsNamespaces, value);
    }

    /// <summary>What the pod of a verification reads: kB of memory and CPUs.</summary>
    public string Seen
    {
        get => Volatile.Read(ref _seen);
        set => Volatile.Write(ref _seen, value);
    }

    /// <summary>While there is one, the pod of a verification does not run, and an event says this of it.</summary>
    public string Warning
    {
        get => Volatile.Read(ref _warning);
        set => Volatile.Write(ref _warning, value);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _client.Dispose();
        _end.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            foreach (var quota in await ListAsync("api/v1/resourcequotas", item => item["status"]?["hard"] is null))
            {
                var status = new JsonObject { ["hard"] = quota["spec"]!["hard"]!.DeepClone(), ["used"] = new JsonObject { ["pods"] = "0" } };
                await PatchAsync($"{Path("api/v1", quota, "resourcequotas")}/status", new() { ["status"] = status });
            }

            var daemonSets = await ListAsync("apis/apps/v1/namespaces/lxcfs-system/daemonsets", _ => true);
            foreach (var daemonSet in daemonSets)
                await RunAsync(daemonSet);
            foreach (var pod in await ListAsync("api/v1/pods?labelSelector=app.kubernetes.io/name%3Dlxcfs-agent", _ => daemonSets.Count == 0))
                await DeleteAsync(Path("api/v1", pod, "pods"));
            foreach (var deployment in await ListAsync("apis/apps/v1/deployments", IsNews))
                await PatchAsync($"{Path("apis/apps/v1", deployment, "deployments")}/status", Available(deployment));
            foreach (var pod in await ListAsync("api/v1/pods?fieldSelector=metadata.name%3Dlxcfs-check", item => (string?)item["status"]?["phase"] == "Pending"))
                await (Warning is { Length: > 0 } warning ? WarnAsync(pod, warning) : RunToItsEndAsync(pod));
            foreach (var gone in await ListAsync("api/v1/namespaces", item => item["metadata"]!["deletionTimestamp"] is not null && !HoldsNamespaces))
                await FinalizeAsync(gone);
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private async Task RunAsync(JsonObject daemonSet)
    {
        var pod = daemonSet["spec"]!["template"]!.DeepClone().AsObject();
        pod["metadata"]!["name"] = $"{daemonSet["metadata"]!["name"]}-{Node}";
        pod["metadata"]!["namespace"] = $"{daemonSet["metadata"]!["namespace"]}";
        pod["spec"]!["nodeName"] = Node;
        using var made = await _client.PostAsJsonAsync($"api/v1/namespaces/{pod["metadata"]!["namespace"]}/pods", pod);
        if (made.IsSuccessStatusCode)
            await PatchAsync($"{Path("api/v1", pod, "pods")}/status", new() { ["status"] = new JsonObject { ["phase"] = "Running" } });
        if (IsNews(daemonSet))
        {
            var status = Counted(daemonSet, "desiredNumberScheduled", "currentNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady");
            status["numberMisscheduled"] = 0;
            await PatchAsync($"{Path("apis/apps/v1", daemonSet, "daemonsets")}/status", new() { ["status"] = status });
        }
    }

    private async Task WarnAsync(JsonObject pod, string message)
    {
        var (name, @namespace) = ((string)pod["metadata"]!["name"]!, (string)pod["metadata"]!["namespace"]!);
        using var told = await _client.PostAsJsonAsync($"api/v1/namespaces/{@namespace}/events", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = $"{name}.warning" },
            ["involvedObject"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = @namespace, ["name"] = name },
            ["type"] = "Warning",
            ["reason"] = "Failed",
            ["message"] = message,
            ["lastTimestamp"] = "2026-01-01T00:00:00Z",
        });
    }

    /// <summary>Its last words are where the kubelet puts them.</summary>
    private async Task RunToItsEndAsync(JsonObject pod)
    {
        var binding = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "lxcfs-check" }, ["target"] = new JsonObject { ["kind"] = "Node", ["name"] = Node } };
        using var bound = await _client.PostAsJsonAsync($"{Path("api/v1", pod, "pods")}/binding", binding);
        var terminated = new JsonObject { ["exitCode"] = 0, ["message"] = $"{Seen}\n" };
        var container = new JsonObject
        {
            ["name"] = "check",
            ["image"] = "busybox",
            ["imageID"] = "",
            ["ready"] = false,
            ["restartCount"] = 0,
            ["state"] = new JsonObject { ["terminated"] = terminated },
        };
        await PatchAsync($"{Path("api/v1", pod, "pods")}/status", new()
        {
            ["status"] = new JsonObject { ["phase"] = "Succeeded", ["containerStatuses"] = new JsonArray(container) },
        });
    }

    /// <summary>What was in it goes with it, as far as a later installation would find it.</summary>
    private async Task FinalizeAsync(JsonObject gone)
    {
        foreach (var kind in (string[])["api/v1/namespaces/{0}/configmaps", "apis/apps/v1/namespaces/{0}/deployments", "apis/apps/v1/namespaces/{0}/daemonsets"])
            await DeleteAsync(string.Format(CultureInfo.InvariantCulture, kind, gone["metadata"]!["name"]));
        gone["spec"] = new JsonObject { ["finalizers"] = new JsonArray() };
        using var finalized = await _client.PutAsJsonAsync($"api/v1/namespaces/{gone["metadata"]!["name"]}/finalize", gone);
    }

    private static JsonObject Available(JsonObject deployment) =>
        new() { ["status"] = Counted(deployment, "replicas", "updatedReplicas", "readyReplicas", "availableReplicas") };

    private static JsonObject Counted(JsonObject owner, params string[] counts)
    {
        var status = new JsonObject { ["observedGeneration"] = owner["metadata"]!["generation"]!.DeepClone() };
        foreach (var count in counts)
            status[count] = (int?)owner["spec"]!["replicas"] ?? 1;
        return status;
    }

    private static bool IsNews(JsonObject item) => (long?)item["status"]?["observedGeneration"] != (long)item["metadata"]!["generation"]!;

    private static string Path(string group, JsonObject item, string plural) =>
        $"{group}/namespaces/{item["metadata"]!["namespace"]}/{plural}/{item["metadata"]!["name"]}";

    private async Task<List<JsonObject>> ListAsync(string path, Func<JsonObject, bool> wanted) =>
        [.. (await _client.GetFromJsonAsync<JsonObject>(path))!["items"]!.AsArray().Select(item => item!.AsObject()).Where(wanted)];

    /// <summary>What has gone in the meantime needs nothing.</summary>
    private async Task PatchAsync(string path, JsonObject patch)
    {
        using var content = JsonContent.Create(patch);
        content.Headers.ContentType = new("application/merge-patch+json");
        using var answer = await _client.PatchAsync(new Uri(path, UriKind.Relative), content);
    }

    private async Task DeleteAsync(string path)
    {
        using var answer = await _client.DeleteAsync(new Uri($"{path}?gracePeriodSeconds=0", UriKind.Relative));
    }
}
