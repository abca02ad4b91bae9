using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Infra.Tests;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Restricted;

/// <summary>
/// An API server that admits no pod of its owner's but those within a policy as strict as the level <c>restricted</c>, whatever webhooks
/// have made of them. One for all tests of a class, started for the first.
/// </summary>
public sealed class RestrictedCluster : IAsyncDisposable
{
    private const string Policies = "tests/e2e/Restricted/policies.yaml", Level = "pod-security.kubernetes.io/enforce=restricted";

    private OwnCluster? _cluster;

    /// <summary>As the owner of the pods.</summary>
    internal Api Api { get; private set; } = null!;

    /// <summary>A namespace of whose pods the webhooks are not asked.</summary>
    internal string Without { get; private set; } = "";

    /// <summary>A namespace that is opted in and labelled with the level: the webhook is <c>mutate/node</c>.</summary>
    internal string ByNode { get; private set; } = "";

    /// <summary>A namespace that is opted in and has no such label, which the webhook takes for one that allows hostPath.</summary>
    internal string ByHostPath { get; private set; } = "";

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    internal async Task NeedAsync()
    {
        if (_cluster is not null)
            return;
        _cluster = await OwnCluster.StartAsync(new AdmissionPlugin("PodSecurityPolicy", Repository.Read(Policies)), "enforce", "node-delivery");
        var client = _cluster.Plane.CreateClient();
        client.DefaultRequestHeaders.Add("Impersonate-User", "owner");
        Api = new(client);
        Without = await _cluster.NamespaceAsync(labelled: false);
        ByHostPath = await _cluster.NamespaceAsync();
        ByNode = await _cluster.NamespaceAsync();
        await _cluster.Kubectl.RunAsync($"label namespace {ByNode} {Level}");
        await AnswersAsync(Without, answer => answer.IsSuccess);
        await AnswersAsync(ByNode, answer => DeliveryOf(answer.Body) == LxcfsNames.DeliverNode);
        await AnswersAsync(ByHostPath, answer => !answer.IsSuccess);
    }

    internal static string? DeliveryOf(JsonObject pod) => (string?)pod["metadata"]?["annotations"]?[LxcfsNames.Deliver];

    /// <summary>Labels, rights and policies are known to an API server some time after they were stored.</summary>
    private async Task AnswersAsync(string @namespace, Func<Answer, bool> isSettled)
    {
        Answer? answer = null;
        await Eventually.TrueAsync(
            async () => isSettled(answer = await Api.CreatePodAsync(@namespace, RestrictedPods.Plain("asked"), dryRun: true)),
            () => $"{@namespace} does not settle: {answer?.Status} {answer?.Body}");
    }
}
