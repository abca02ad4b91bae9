using System.Text.Json.Nodes;
using CsCheck;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests;

public sealed class MutationProperties
{
    [Fact]
    public void A_patch_applies_only_adds_is_idempotent_and_leaves_a_valid_pod() => PodGenerator.Review.Sample(
        review =>
        {
            if (Patches.AssertSound(Webhooks.Default, review) is { } patched)
                Patches.AssertValidPod(patched);
        },
        iter: 3000, print: review => review.ToJsonString());

    [Fact]
    public void So_it_is_with_every_setting_on()
    {
        var webhooks = Webhooks.With(("Env", "slurm,omp,go,java"), ("RequireReadyNode", "true"), ("Files", "/proc/meminfo,/proc/stat"));
        PodGenerator.Review.Sample(
            review => Patches.AssertValidPod(Patches.AssertSound(webhooks, review) ?? review["request"]!["object"]!),
            iter: 3000, print: review => review.ToJsonString());
    }

    [Theory]
    [InlineData("mutate", "node")]
    [InlineData("mutate/node", "auto")]
    public void So_it_is_where_the_node_brings_the_files_and_no_volume_is_added(string webhook, string delivery)
    {
        var webhooks = Webhooks.With(("Delivery", delivery), ("Env", "omp"), ("RequireReadyNode", "true"));
        PodGenerator.Review.Sample(
            review =>
            {
                var pod = review["request"]!["object"]!;
                if (Patches.AssertSound(webhooks, review, webhook) is not { } patched)
                    return;
                Patches.AssertValidPod(patched);
                Assert.Equal(LxcfsNames.DeliverNode, (string?)patched["metadata"]!["annotations"]![LxcfsNames.Deliver]);
                Assert.True(JsonNode.DeepEquals(pod["spec"]!["volumes"], patched["spec"]!["volumes"]));
                Assert.Equal(CountMounts(pod), CountMounts(patched));
            },
            iter: 1500, print: review => review.ToJsonString());
    }

    private static int CountMounts(JsonNode pod) => ((string[])["initContainers", "containers"])
        .Sum(list => pod["spec"]![list]?.AsArray().Sum(container => container!["volumeMounts"]?.AsArray().Count ?? 0) ?? 0);

    [Fact]
    public void Managed_fields_change_nothing_that_is_read() => Gen.Select(PodGenerator.Review, Gen.String.List[0, 4]).Sample(
        (review, strings) =>
        {
            var with = review.DeepClone();
            with["request"]!["object"]!["metadata"]!.AsObject().Insert(
                0, "managedFields", new JsonArray([.. strings.Select(text => (JsonNode)new JsonObject { ["f:" + text] = new JsonArray(text, "\"]\\") })]));
            Assert.Equal(
                Webhooks.Default.Answer("mutate", review).ToJsonString(), Webhooks.Default.Answer("mutate", with).ToJsonString());
        },
        iter: 1000);
}
