using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

/// <summary>What becomes of pods while something is wrong between the API server and the functions, and who says so.</summary>
public sealed class FaultTests(FaultScene scene) : IClassFixture<FaultScene>
{
    private const string MergePatch = "application/merge-patch+json";

    private const string Mutate = $"mutate.{LxcfsNames.Prefix}", Validate = $"validate.{LxcfsNames.Prefix}";

    /// <summary>What an API server says of each, which is what an administrator has to go by.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { nameof(Fault.Down), "connect: connection refused" },
        { nameof(Fault.Hung), "context deadline exceeded" },
        { nameof(Fault.InternalError), "an error on the server (\"out of order\")" },
        { nameof(Fault.OtherAuthority), "x509: certificate signed by unknown authority" },
        { nameof(Fault.OtherName), "x509: " },
        { nameof(Fault.ExpiredCertificate), "x509: certificate has expired" },
        { nameof(Fault.WrongToken), "the server could not find the requested resource" },
        { nameof(Fault.CutOff), "unexpected error when reading response body" },
        { nameof(Fault.SomebodyElse), "json parse error" },
        { nameof(Fault.OtherUid), "expected response.uid" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Pods_are_made_without_the_files_or_with_enforce_refused_with_the_reason(string fault, string reason)
    {
        await scene.ResetAsync();
        var rejections = await RejectionsAsync();
        await scene.MakeAsync(Enum.Parse<Fault>(fault));

        await Task.WhenAll(PassesAsync(fault, reason), IsRefusedAsync(fault, reason));

        Assert.Equal(rejections + 1, await RejectionsAsync());
    }

    /// <summary>What exists is never held up: only who makes a pod waits for the functions.</summary>
    [Theory]
    [InlineData(nameof(Fault.Down))]
    [InlineData(nameof(Fault.Hung))]
    public async Task Under_enforce_a_new_pod_alone_waits_for_the_functions(string fault)
    {
        await scene.ResetAsync();
        var (team, kubectl, api) = (scene.EnforcingTeam, scene.Enforcing.Kubectl, scene.Enforcing.Api);
        var (kept, evicted) = ($"kept-{fault.ToLowerInvariant()}", $"evicted-{fault.ToLowerInvariant()}");
        var pod = Pods.Plain(kept);
        pod["metadata"]!["finalizers"] = new JsonArray("example.com/backup");
        (await api.CreatePodAsync(team, pod)).Succeeded();
        (await api.CreatePodAsync(team, Pods.Plain(evicted))).Succeeded();
        await scene.MakeAsync(Enum.Parse<Fault>(fault));

        Assert.False((await api.CreatePodAsync(team, Pods.Plain("new"))).IsSuccess);
        Assert.Equal($"pod/{kept} labeled\n", await kubectl.RunAsync($"label pod {kept} --namespace {team} color=green"));
        // Not looked at, and so not refused.
        Assert.Equal($"pod/{kept} annotated\n", await kubectl.RunAsync($"annotate pod {kept} --namespace {team} {LxcfsNames.Env}=fortran"));
        (await api.SendAsync(HttpMethod.Patch, $"api/v1/namespaces/{team}/pods/{kept}/status", new JsonObject { ["status"] = new JsonObject { ["phase"] = "Failed" } }, MergePatch)).Succeeded();
        Assert.Contains($"pod \"{kept}\" deleted", await kubectl.RunAsync($"delete pod {kept} --namespace {team} --wait=false"), StringComparison.Ordinal);
        await kubectl.RunAsync($$"""patch pod {{kept}} --namespace {{team}} --type json --patch [{"op":"remove","path":"/metadata/finalizers"}]""");
        (await api.SendAsync(HttpMethod.Post, $"api/v1/namespaces/{team}/pods/{evicted}/eviction", Eviction(evicted))).Succeeded();
        Assert.Equal("", await kubectl.RunAsync($"get pods {kept} {evicted} --namespace {team} --ignore-not-found --output name"));
    }

    /// <summary>Nothing on this side of the call can prevent it; docs/security.md says what to do.</summary>
    [Fact]
    public async Task An_API_server_that_can_t_connect_quotes_the_token_to_whoever_makes_a_pod_under_enforce()
    {
        await scene.ResetAsync();
        await scene.MakeAsync(Fault.Down);

        var refused = await scene.Enforcing.Api.CreatePodAsync(scene.EnforcingTeam, Pods.Plain("curious"));

        Assert.Contains($"/hooks/{scene.Open.Functions.Token}/validate", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>As the overlay is registered: the pod is made, and the API server's log says what was wrong.</summary>
    private async Task PassesAsync(string fault, string reason)
    {
        var name = fault.ToLowerInvariant();
        var stored = (await scene.Open.Api.CreatePodAsync(scene.OpenTeam, Pods.Plain(name))).Succeeded();

        Assert.False(Pods.IsMutated(stored));
        var item = scene.Open.Audit.Of(scene.OpenTeam, name);
        Assert.Equal(201, (int)item["responseStatus"]!["code"]!);
        Assert.Empty(Audit.Annotations(item, Mutate));
        Assert.Empty(Audit.Annotations(item, Validate));
        foreach (var webhook in (string[])[Mutate, Validate])
        {
            await Eventually.TrueAsync(
                () => File.ReadLines(scene.Open.ServerLog).Any(line => line.Contains($"failing open {webhook}: failed calling webhook", StringComparison.Ordinal)
                    && line.Contains(reason, StringComparison.Ordinal)),
                () => string.Join('\n', File.ReadLines(scene.Open.ServerLog).Where(line => line.Contains("webhook", StringComparison.Ordinal)).TakeLast(4)));
        }
    }

    /// <summary>With the component enforce: kubectl prints the webhook and the reason, and the audit log keeps both.</summary>
    private async Task IsRefusedAsync(string fault, string reason)
    {
        var name = fault.ToLowerInvariant();
        var run = await scene.Enforcing.Kubectl.TryAsync($"create --namespace {scene.EnforcingTeam} --filename -", Pods.Plain(name).ToJsonString());

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("Error from server (InternalError): error when creating \"STDIN\": Internal error occurred: ", run.Error, StringComparison.Ordinal);
        Assert.Contains($"failed calling webhook \"{Validate}\"", run.Error, StringComparison.Ordinal);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Equal(500, (int)scene.Enforcing.Audit.Of(scene.EnforcingTeam, name)["responseStatus"]!["code"]!);
    }

    /// <summary>What kubectl drain asks an API server of 1.20 for.</summary>
    private static JsonObject Eviction(string pod) => new()
    {
        ["apiVersion"] = "policy/v1beta1",
        ["kind"] = "Eviction",
        ["metadata"] = new JsonObject { ["name"] = pod },
    };

    private async Task<double> RejectionsAsync() => Metrics.Sum(
        await scene.Enforcing.Api.GetTextAsync("metrics"), "apiserver_admission_webhook_rejection_count", $"name=\"{Validate}\"", "error_type=\"calling_webhook_error\"");
}
