using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>
/// Pods are asked for all the time while the token is replaced and the app's instances with it. failurePolicy Ignore lets a
/// pod pass whose review was refused, so a refusal shows as a pod without the files.
/// </summary>
public sealed class RotationTests(Installation installation) : IClassFixture<Installation>
{
    private const int Clients = 4;

    [Fact]
    public async Task A_rotation_under_load_loses_no_review()
    {
        (await installation.DeployAsync("up --location westeurope --package infra/deploy.sh --timeout 20")).Succeeded();
        await installation.KubectlAsync("create namespace team");
        (await installation.DeployAsync("label team")).Succeeded();
        var before = installation.Tokens;
        using var end = new CancellationTokenSource();

        var load = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(end.Token))).ToList();
        (await installation.DeployAsync("rotate-token --timeout 20")).Succeeded();
        (await installation.DeployAsync("rotate-token --timeout 20")).Succeeded();
        await end.CancelAsync();
        var counts = await Task.WhenAll(load);

        Assert.NotEqual(before, installation.Tokens);
        TestContext.Current.SendDiagnosticMessage(
            "{0} pods during two rotations, {1} without the files", counts.Sum(count => count.Asked), counts.Sum(count => count.Lost));
        Assert.True(counts.Sum(count => count.Asked) > 100, "the load was none");
        var failures = File.ReadLines(Path.Combine(installation.Plane.Folder, "kube-apiserver.log"))
            .Where(line => line.Contains("webhook", StringComparison.Ordinal));
        Assert.True(counts.Sum(count => count.Lost) == 0, string.Join('\n', failures.TakeLast(10)));
    }

    private async Task<(int Asked, int Lost)> AskAsync(CancellationToken end)
    {
        using var client = installation.Plane.CreateClient();
        var (asked, lost) = (0, 0);
        while (!end.IsCancellationRequested)
        {
            using var answer = await client.PostAsJsonAsync("api/v1/namespaces/team/pods?dryRun=All", Pod(), CancellationToken.None);
            var pod = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(CancellationToken.None);
            asked++;
            if (pod!["spec"]!["volumes"] is not JsonArray { Count: > 0 })
                lost++;
        }

        return (asked, lost);
    }

    private static JsonObject Pod() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["generateName"] = "app-" },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "app" }) },
    };
}
