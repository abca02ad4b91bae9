using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LxcfsFunctions.Infra.Tests.Rendering;

namespace LxcfsFunctions.Infra.Tests.Cluster;

/// <summary>
/// Asks the CEL of a kube-apiserver of today, which no machine of ours has as a whole: its library, built by
/// tests/apiserver/conditions/build.sh.
/// </summary>
internal static class Conditions
{
    private static Lazy<string?> Program { get; } = new(() => ApiServer.Binaries.Find(Repository.Root, "tests/apiserver/conditions/build.sh"));

    /// <summary>What the policy says to a request: nothing where it doesn't concern itself with it.</summary>
    public static async Task<string[]> DeniedAsync(V1ValidatingAdmissionPolicy policy, JsonObject request)
    {
        var answer = await AskAsync("Policy", KubernetesJson.Serialize(policy), request);
        return [.. answer["Denied"]!.AsArray().Select(message => (string)message!)];
    }

    /// <summary>Whether an API server would call the webhook at all.</summary>
    public static async Task<bool> MatchesAsync(V1MutatingWebhook webhook, JsonObject request) =>
        (bool)(await AskAsync("Webhook", KubernetesJson.Serialize(webhook), request))["Matches"]!;

    public static async Task<Manifests> RenderAsync(Kustomization kustomization, string component) =>
        Manifests.Load(await kustomization.RenderAsync("url", component));

    private static async Task<JsonNode> AskAsync(string kind, string subject, JsonObject request)
    {
        Assert.SkipUnless(Program.Value is not null, "there is no CEL of an API server: bash tests/apiserver/conditions/build.sh makes it on Debian");
        var question = new JsonObject { [kind] = JsonNode.Parse(subject), ["Request"] = request };
        var run = await Command.RunAsync(Program.Value!, [], input: question.ToJsonString());
        var answer = JsonNode.Parse(run.Succeeded())!;
        Assert.True(answer["Error"] is null, $"{answer["Error"]}");
        return answer;
    }
}
