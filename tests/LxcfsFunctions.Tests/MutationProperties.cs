using System.Text.Json.Nodes;
using CsCheck;

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
