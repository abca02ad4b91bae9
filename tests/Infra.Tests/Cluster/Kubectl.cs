using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LxcfsFunctions.ApiServer;

namespace LxcfsFunctions.Infra.Tests.Cluster;

/// <summary>kubectl against one API server.</summary>
internal sealed class Kubectl(ControlPlane plane)
{
    public async Task<string> RunAsync(string arguments, string input = "") => (await Command.RunAsync(
        Repository.Kubectl, arguments.Split(' '),
        new Dictionary<string, string> { ["KUBECONFIG"] = plane.Kubeconfig, ["HOME"] = plane.Folder }, input)).Succeeded();

    /// <summary>The pods that a manifest's objects would make, as a controller takes them from the template; read by kubectl itself.</summary>
    public async Task<IReadOnlyList<JsonObject>> PodsOfAsync(string manifest)
    {
        // 1.21 brought the version that manifests have now.
        var adapted = manifest.Replace("batch/v1\nkind: CronJob", "batch/v1beta1\nkind: CronJob", StringComparison.Ordinal);
        return [.. Objects(await RunAsync("create --dry-run=client --validate=false -o json -f -", adapted)).Select(PodOf).OfType<JsonObject>()];
    }

    private static List<JsonNode> Objects(string json)
    {
        var objects = new List<JsonNode>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            var node = JsonNode.Parse(ref reader)!;
            objects.AddRange((string?)node["kind"] == "List" ? node["items"]!.AsArray().Select(item => item!) : [node]);
        }

        return objects;
    }

    private static JsonObject? PodOf(JsonNode item)
    {
        var template = (string?)item["kind"] switch
        {
            "Pod" => item,
            "CronJob" => item["spec"]!["jobTemplate"]!["spec"]!["template"],
            "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet" or "Job" => item["spec"]!["template"],
            _ => null,
        };
        if (template is null)
            return null;
        var metadata = template["metadata"]?.DeepClone().AsObject() ?? [];
        foreach (var owned in (string[])["name", "generateName", "namespace", "creationTimestamp"])
            metadata.Remove(owned);
        metadata["generateName"] = "pod-";
        return new() { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = template["spec"]!.DeepClone() };
    }
}
