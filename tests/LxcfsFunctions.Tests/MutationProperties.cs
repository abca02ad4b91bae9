using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LxcfsFunctions.Admission;

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
    public void Cutting_managed_fields_changes_nothing_that_is_read() => Gen.Select(PodGenerator.Review, Gen.String.List[0, 4]).Sample(
        (review, strings) =>
        {
            var with = review.DeepClone();
            with["request"]!["object"]!["metadata"]!.AsObject().Insert(
                0, "managedFields", new JsonArray([.. strings.Select(text => (JsonNode)new JsonObject { ["f:" + text] = new JsonArray(text, "\"]\\") })]));
            Assert.Equal(
                Webhooks.Default.Answer("mutate", review).ToJsonString(), Webhooks.Default.Answer("mutate", with).ToJsonString());

            var bytes = Encoding.UTF8.GetBytes(with.ToJsonString());
            var left = JsonNode.Parse(bytes.AsSpan(0, JsonLists.Cut(bytes, "\"managedFields\":["u8)))!;
            with["request"]!["object"]!["metadata"]!["managedFields"] = new JsonArray();
            Assert.Equal(with.ToJsonString(), left.ToJsonString());
        },
        iter: 1000);

    [Fact]
    public void The_end_of_a_list_is_where_a_parser_finds_it() => Gen.OneOf(
        Gen.String, Gen.String[Gen.OneOf(Gen.Const('\\'), Gen.Const('"'), Gen.Const('['), Gen.Const(']'), Gen.Char), 0, 200]).List[0, 6].Sample(
        strings =>
        {
            var inside = string.Join(",", strings.Select((text, i) => JsonValue.Create(text)!.ToJsonString() + (i % 2 == 0 ? ",[[],[0]]" : "")));
            var bytes = Encoding.UTF8.GetBytes(inside + "]" + inside);
            Assert.Equal(Encoding.UTF8.GetByteCount(inside), JsonScanner.EndOfList(bytes));
            Assert.Equal(-1, JsonScanner.EndOfList(bytes.AsSpan(0, Encoding.UTF8.GetByteCount(inside))));
        },
        iter: 5000);
}
