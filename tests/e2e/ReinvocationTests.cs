using System.Text;
using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;
using Microsoft.AspNetCore.Http;

namespace LxcfsFunctions.EndToEnd;

/// <summary>Other webhooks change pods too, some of them after ours.</summary>
public sealed class ReinvocationTests(SharedCluster clusters)
{
    [Fact]
    public async Task A_sidecar_that_another_webhook_adds_later_gets_the_files_too()
    {
        var cluster = await clusters.OwnAsync();
        var team = await cluster.NamespaceAsync();
        await using var mesh = await WebServer.StartAsync(cluster.Authority.Issue(Functions.Name), port: 0, AddSidecarAsync);
        await cluster.Kubectl.RunAsync("apply --filename -", Registration(mesh.Port));
        await cluster.Kubectl.RunAsync($"label namespace {team} mesh=enabled");
        JsonObject? shown = null;
        await Eventually.TrueAsync(
            async () => (shown = (await cluster.Api.CreatePodAsync(team, Pods.Plain("app"), dryRun: true)).Succeeded())["spec"]!["containers"]!.AsArray().Count == 2,
            () => "the other webhook is not called");

        var (app, proxy) = (shown!["spec"]!["containers"]![0]!, shown["spec"]!["containers"]![1]!);

        Assert.Equal("proxy", (string?)proxy["name"]);
        Assert.Equal($"{app["volumeMounts"]}", $"{proxy["volumeMounts"]}");
        Assert.True(Pods.IsMutated(shown));
        Assert.Equal(LxcfsFile.All.Length, shown["spec"]!["volumes"]!.AsArray().Count);
    }

    private static async Task AddSidecarAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body))!["request"]!;
        var response = new JsonObject { ["uid"] = request["uid"]!.DeepClone(), ["allowed"] = true };
        if (request["object"]!["spec"]!["containers"]!.AsArray().All(container => (string?)container!["name"] != "proxy"))
        {
            const string Patch = """[{ "op": "add", "path": "/spec/containers/-", "value": { "name": "proxy", "image": "localhost/busybox:test" } }]""";
            response["patchType"] = "JSONPatch";
            response["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Patch));
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response }.ToJsonString());
    }

    /// <summary>API servers call webhooks in the order of their configurations' names: this one comes after ours.</summary>
    private static string Registration(int port) => $$"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: { name: mesh }
        webhooks:
          - name: sidecar.mesh.example.com
            clientConfig: { url: "https://{{Functions.Name}}:{{port}}/" }
            admissionReviewVersions: [v1]
            sideEffects: None
            failurePolicy: Ignore
            rules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods] }]
            namespaceSelector: { matchLabels: { mesh: enabled } }

        """;
}
