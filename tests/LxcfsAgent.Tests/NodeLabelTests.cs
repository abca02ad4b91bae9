using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using LxcfsAgent.Hosting;
using LxcfsAgent.Plan;
using LxcfsAgent.State;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Lxcfs;
using Microsoft.Extensions.Logging.Abstractions;

namespace LxcfsAgent.Tests;

/// <summary>Against a real API server, with a service account that may patch nodes and do nothing else.</summary>
public sealed class NodeLabelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_node_is_labelled_while_its_agent_is_ready()
    {
        var metadata = typeof(NodeLabelTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        var binaries = Binaries.Find(metadata.Single(item => item.Key == "RepositoryRoot").Value!);
        Assert.SkipUnless(binaries is not null, "there is no kube-apiserver: bash tests/apiserver/build.sh makes it on Debian");
        await using var plane = await ControlPlane.StartAsync(binaries!, cancellation: TestContext.Current.CancellationToken);
        using var admin = plane.CreateClient();
        await CreateAsync(admin, "api/v1/nodes", """{"metadata":{"name":"worker","labels":{"kept":"yes"}}}""");
        var access = await AccountAsync(admin, plane);
        var state = new AgentState(TimeProvider.System);
        using var lease = AgentLease.Join(new($"{_folder}/state", Assert.Fail), "a");

        using (NodeLabel.Start(LxcfsNames.Ready, "worker", access, () => state.NotReady is null, lease, NullLogger.Instance))
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
            Assert.Null(await LabelAsync(admin, LxcfsNames.Ready));

            state.Set(Phase.Owner, null);
            await BecomesAsync(admin, "true");
            state.Set(Phase.Owner, "broken");
            await BecomesAsync(admin, null);
            state.Set(Phase.Owner, null);
            await BecomesAsync(admin, "true");
        }

        Assert.Null(await LabelAsync(admin, LxcfsNames.Ready));
        Assert.Equal("yes", await LabelAsync(admin, "kept"));
    }

    private async Task<ClusterAccess> AccountAsync(HttpClient admin, ControlPlane plane)
    {
        await CreateAsync(admin, "api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"labeler"}}""");
        await CreateAsync(
            admin, "apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"labeler"},"rules":[{"apiGroups":[""],"resources":["nodes"],"verbs":["patch"]}]}""");
        await CreateAsync(
            admin,
            "apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            """
            {"metadata":{"name":"labeler"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"labeler"},
             "subjects":[{"kind":"ServiceAccount","name":"labeler","namespace":"default"}]}
            """);
        var token = await CreateAsync(
            admin,
            "api/v1/namespaces/default/serviceaccounts/labeler/token",
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600,"audiences":[]}}""");
        File.WriteAllText($"{_folder}/token", (string)token["status"]!["token"]!);
        File.Copy($"{plane.Folder}/server.crt", $"{_folder}/ca.crt");
        return new(plane.Url, _folder);
    }

    private static async Task<JsonNode> CreateAsync(HttpClient client, string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<string?> LabelAsync(HttpClient client, string name)
    {
        var node = await client.GetStringAsync(new Uri("api/v1/nodes/worker", UriKind.Relative), TestContext.Current.CancellationToken);
        return (string?)JsonNode.Parse(node)!["metadata"]!["labels"]![name];
    }

    private static async Task BecomesAsync(HttpClient client, string? value)
    {
        for (var attempt = 0; attempt < 100 && await LabelAsync(client, LxcfsNames.Ready) != value; attempt++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(value, await LabelAsync(client, LxcfsNames.Ready));
    }
}
