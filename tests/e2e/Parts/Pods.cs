using System.Text.Json.Nodes;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>Small pods to ask an API server with.</summary>
internal static class Pods
{
    public static JsonObject Plain(string name) => JsonNode.Parse($$"""
        {
          "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "{{name}}" },
          "spec": { "containers": [{
            "name": "app", "image": "localhost/busybox:test",
            "resources": { "limits": { "cpu": "1", "memory": "256Mi" } }
          }] }
        }
        """)!.AsObject();

    /// <summary>A container with limits, of the image that has a shell and little else.</summary>
    public static JsonObject Container(string name, string memory, params string[] command) => new()
    {
        ["name"] = name,
        ["image"] = "localhost/busybox:test",
        ["command"] = command.Length > 0 ? new JsonArray([.. command]) : null,
        ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpu"] = "1", ["memory"] = memory } },
    };

    public static JsonObject Annotated(string name, string key, string value)
    {
        var pod = Plain(name);
        pod["metadata"]!["annotations"] = new JsonObject { [key] = value };
        return pod;
    }

    /// <summary>Whether a pod has a volume for every file.</summary>
    public static bool IsMutated(JsonObject pod) =>
        LxcfsFile.All.All(file => (pod["spec"]?["volumes"]?.AsArray() ?? []).Any(volume => (string?)volume!["name"] == file.Volume));
}
