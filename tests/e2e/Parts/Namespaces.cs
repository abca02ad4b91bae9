using System.Text.Json.Nodes;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>Namespaces with and without the label, and what says that the webhooks serve one.</summary>
internal static class Namespaces
{
    public const string Prefix = "lxcfs-e2e-";

    public static async Task<string> CreateAsync(Api api, bool labelled)
    {
        var metadata = new JsonObject { ["generateName"] = Prefix };
        if (labelled)
            metadata["labels"] = new JsonObject { [LxcfsNames.Label] = LxcfsNames.Enabled };
        return (string)(await api.SendAsync(HttpMethod.Post, "api/v1/namespaces", new JsonObject { ["metadata"] = metadata })).Succeeded()["metadata"]!["name"]!;
    }

    /// <summary>Waits until a new pod gets the files, and one with a wrong annotation is refused.</summary>
    public static Task IsServedAsync(Api api, string @namespace, Func<string> otherwise) => Eventually.TrueAsync(
        async () => IsMutated((await api.CreatePodAsync(@namespace, Pods.Plain("asked"), dryRun: true)).Body)
            && (await api.CreatePodAsync(@namespace, Pods.Annotated("asked", LxcfsNames.Mutate, "maybe"), dryRun: true)).Body["code"] is JsonValue code && (int)code == 422,
        () => $"the webhooks do not answer for {@namespace}: {otherwise()}");

    /// <summary>Whether a pod mounts every file.</summary>
    public static bool IsMutated(JsonObject pod) =>
        LxcfsFile.All.All(file => (pod["spec"]?["volumes"]?.AsArray() ?? []).Any(volume => (string?)volume!["name"] == file.Volume));
}
