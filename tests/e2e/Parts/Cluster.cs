using System.Text.Json.Nodes;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>A cluster whose API server calls the webhooks, as its users see it.</summary>
internal abstract class Cluster : IAsyncDisposable
{
    private const string Prefix = "lxcfs-e2e-";

    /// <summary>What a user types into.</summary>
    public Kubectl Kubectl { get; protected set; } = null!;

    public Api Api { get; protected set; } = null!;

    /// <summary>A new namespace in which pods can be made, and its name.</summary>
    /// <param name="labelled">Whether its pods are to get the files.</param>
    public virtual async Task<string> NamespaceAsync(bool labelled = true)
    {
        var metadata = new JsonObject { ["generateName"] = Prefix };
        if (labelled)
            metadata["labels"] = new JsonObject { [LxcfsNames.Label] = LxcfsNames.Enabled };
        var made = (await Api.SendAsync(HttpMethod.Post, "api/v1/namespaces", new JsonObject { ["metadata"] = metadata })).Succeeded();
        var name = (string)made["metadata"]!["name"]!;
        Answer? asked = null;
        // Where there are controllers, one of them makes the service account that every pod has.
        await Eventually.TrueAsync(
            async () => (asked = await Api.CreatePodAsync(name, Pods.Plain("asked"), dryRun: true)).IsSuccess, () => $"no pod can be made in {name}: {asked?.Message}");
        return name;
    }

    /// <summary>Waits until the webhooks answer for a namespace. An API server hears of a registration or a label some time after it was stored.</summary>
    public Task IsServedAsync(string @namespace) => Eventually.TrueAsync(
        async () => Pods.IsMutated((await Api.CreatePodAsync(@namespace, Pods.Plain("asked"), dryRun: true)).Body)
            && !(await Api.CreatePodAsync(@namespace, Pods.Annotated("asked", LxcfsNames.Mutate, "maybe"), dryRun: true)).IsSuccess,
        () => $"the webhooks do not answer for {@namespace}: {WhyUnserved}");

    public abstract ValueTask DisposeAsync();

    /// <summary>What those who answer printed.</summary>
    protected abstract string WhyUnserved { get; }
}
