using System.Text.Json.Nodes;
using k8s.Models;
using LxcfsFunctions.Infra.Tests.Rendering;

namespace LxcfsFunctions.Infra.Tests.Cluster;

/// <summary>A pod that would be left alone anyway costs no call.</summary>
public sealed class MatchConditionsTests(Kustomization kustomization) : IClassFixture<Kustomization>
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", """ "os": {"name": "linux"}, "nodeSelector": {"kubernetes.io/os": "linux"} """, true)]
    [InlineData(""" "annotations": {"a": "b"} """, """ "nodeSelector": {"zone": "a"} """, true)]
    [InlineData("", """ "os": {"name": "windows"} """, false)]
    [InlineData("", """ "nodeSelector": {"kubernetes.io/os": "windows"} """, false)]
    [InlineData("", """ "nodeSelector": {"beta.kubernetes.io/os": "windows"} """, false)]
    [InlineData(""" "annotations": {"kubernetes.io/config.mirror": "0123"} """, "", false)]
    public async Task Windows_and_mirror_pods_are_not_asked_about(string metadata, string spec, bool asked)
    {
        var manifests = await Conditions.RenderAsync(kustomization, "match-conditions");
        Assert.All(manifests.One<V1ValidatingWebhookConfiguration>().Webhooks, webhook => Assert.Equal(
            manifests.Mutating.MatchConditions.Select(condition => condition.Expression),
            webhook.MatchConditions.Select(condition => condition.Expression)));

        Assert.Equal(asked, await Conditions.MatchesAsync(manifests.Mutating, JsonNode.Parse($$"""
            {
              "operation": "CREATE", "namespace": "team",
              "kind": {"group": "", "version": "v1", "kind": "Pod"}, "resource": {"group": "", "version": "v1", "resource": "pods"},
              "object": {"apiVersion": "v1", "kind": "Pod", "metadata": { {{metadata}} }, "spec": { {{spec}} } }
            }
            """)!.AsObject()));
    }
}
