using System.Text.Json.Nodes;
using k8s.Models;
using LxcfsFunctions.Infra.Tests.Rendering;

namespace LxcfsFunctions.Infra.Tests.Cluster;

/// <summary>RBAC lets the agent patch every node; the admission policy leaves it two labels of its own.</summary>
public sealed class NodeLabelPolicyTests(Kustomization kustomization) : IClassFixture<Kustomization>
{
    private const string Agent = "system:serviceaccount:lxcfs-system:lxcfs-node-labeler";
    private const string Ready = """ "labels": {"zone": "a", "lxcfs-admission-webhook.raids-lab.github.io/ready": "true"} """;
    private const string Delivers = """ "labels": {"zone": "a", "lxcfs-admission-webhook.raids-lab.github.io/delivers": "true"} """;
    private const string Unready = """ "labels": {"zone": "a"} """;

    private const string OnlyLabel = "the LXCFS agent may change the labels ready and delivers of lxcfs-admission-webhook.raids-lab.github.io alone";
    private const string OnlyTrue = "the labels ready and delivers of lxcfs-admission-webhook.raids-lab.github.io are true or absent";
    private const string OnlyLabels = "the LXCFS agent may change nothing but a label";
    private const string OnlyItsNode = "the LXCFS agent may label its own node alone";

    [Theory]
    [InlineData(Unready, Ready)]
    [InlineData(Ready, Unready)]
    [InlineData(Ready, Delivers)]
    [InlineData(Delivers, Unready)]
    [InlineData("", """ "labels": {"lxcfs-admission-webhook.raids-lab.github.io/ready": "true"} """)]
    [InlineData("""  "annotations": {"a": "b"}, "finalizers": ["c/d"], "labels": {"zone": "a"} """, """ "annotations": {"a": "b"}, "finalizers": ["c/d"], """ + Ready)]
    public async Task The_agent_sets_and_takes_away_its_label(string before, string after) =>
        Assert.Empty(await DeniedAsync(before, after));

    [Theory]
    [InlineData(Unready, """ "labels": {"zone": "b"} """, OnlyLabel)]
    [InlineData(Unready, """ "labels": {"zone": "a", "other": "true"} """, OnlyLabel)]
    [InlineData(Unready, "", OnlyLabel)]
    [InlineData(Unready, """ "labels": {"zone": "a", "lxcfs-admission-webhook.raids-lab.github.io/ready": "false"} """, OnlyTrue)]
    [InlineData(Unready, """ "labels": {"zone": "a", "lxcfs-admission-webhook.raids-lab.github.io/delivers": "yes"} """, OnlyTrue)]
    [InlineData(Unready, """ "labels": {"zone": "a", "lxcfs-admission-webhook.raids-lab.github.io/other": "true"} """, OnlyLabel)]
    [InlineData("", """ "annotations": {"a": "b"} """, OnlyLabels)]
    [InlineData(""" "annotations": {"a": "b"} """, """ "annotations": {"a": "c"} """, OnlyLabels)]
    [InlineData(""" "finalizers": ["a/b"] """, "", OnlyLabels)]
    [InlineData(""" "finalizers": ["a/b"] """, """ "finalizers": ["c/d"] """, OnlyLabels)]
    [InlineData(""" "ownerReferences": [{"name": "a"}] """, """ "ownerReferences": [{"name": "b"}] """, OnlyLabels)]
    public async Task The_agent_changes_nothing_else(string before, string after, string message) =>
        Assert.Equal([message], await DeniedAsync(before, after));

    [Fact]
    public async Task The_agent_taints_no_node() =>
        Assert.Equal([OnlyLabels], await DeniedAsync(Unready, Ready, afterSpec: """ {"unschedulable": true} """));

    [Theory]
    [InlineData("node-b")]
    [InlineData(null)]
    public async Task The_agent_touches_no_other_node(string? nodeOfToken) =>
        Assert.Equal([OnlyItsNode], await DeniedAsync(Unready, Ready, nodeOfToken: nodeOfToken));

    [Fact]
    public async Task Nobody_else_is_concerned() =>
        Assert.Empty(await DeniedAsync(Unready, """ "labels": {"zone": "b"} """, user: "system:node:node-a", nodeOfToken: null));

    private async Task<string[]> DeniedAsync(
        string before, string after, string user = Agent, string? nodeOfToken = "node-a", string afterSpec = "{}")
    {
        var policy = (await Conditions.RenderAsync(kustomization, "node-affinity")).One<V1ValidatingAdmissionPolicy>();
        var extra = nodeOfToken is null ? "{}" : $$"""{"authentication.kubernetes.io/node-name": ["{{nodeOfToken}}"]}""";
        return await Conditions.DeniedAsync(policy, JsonNode.Parse($$"""
            {
              "operation": "UPDATE", "name": "node-a",
              "kind": {"group": "", "version": "v1", "kind": "Node"}, "resource": {"group": "", "version": "v1", "resource": "nodes"},
              "userInfo": {"username": "{{user}}", "extra": {{extra}}},
              "oldObject": {{Node(before, "{}")}}, "object": {{Node(after, afterSpec)}}
            }
            """)!.AsObject());
    }

    private static string Node(string metadata, string spec) => $$"""
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-a"{{(metadata.Length > 0 ? ", " + metadata : "")}}}, "spec": {{spec}}}
        """;
}
