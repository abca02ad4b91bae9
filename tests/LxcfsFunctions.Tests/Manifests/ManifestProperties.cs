using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LxcfsFunctions.Explain;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>Any pod, written in many ways, becomes what the webhook's patch makes of it, and its text stays.</summary>
public sealed class ManifestProperties
{
    private static readonly Gen<(JsonObject Review, string Text)> Written = Gen.Select(
        PodGenerator.Review, Gen.Int[0, 5], Gen.Int[0, int.MaxValue],
        (review, style, seed) => (review, YamlWriter.Write(review["request"]!["object"]!, style, seed)));

    /// <summary>The same, as other tests take them.</summary>
    public static Gen<string> Texts { get; } = Written.Select(item => item.Text);

    [Fact]
    public void What_comes_out_reads_as_the_pod_with_the_patch() => Written.Sample(
        item =>
        {
            var preview = Preview.Of(item.Text, NodeShape.Example);
            Assert.True(preview.Errors.Count == 0, $"{string.Join(", ", preview.Errors)}\n{item.Text}");
            var request = item.Review.DeepClone();
            request["request"]!["namespace"] = "default";
            // A pod that would be denied is left as it is: a name to skip that no container has.
            var denied = !(bool)Webhooks.Default.Answer("validate", request)["allowed"]!;
            Assert.Equal(denied, preview.Documents[0].Outcome == PreviewOutcome.Denied);
            var expected = !denied && Webhooks.PatchOf(Webhooks.Default.Answer("mutate", request)) is { } patch
                ? Patches.Apply(request["request"]!["object"]!, patch)
                : request["request"]!["object"]!;
            Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(YamlWriter.ToJson(preview.Output))), preview.Output);
        },
        iter: 500);

    [Fact]
    public void Outside_of_what_is_added_nothing_changes_and_twice_changes_nothing() => Written.Sample(
        item =>
        {
            var output = Preview.Of(item.Text, NodeShape.Example).Output;
            Assert.Equal(output, Preview.Of(output, NodeShape.Example).Output);
            // What the webhook may write over: a null, and the status that somebody else wrote.
            var kept = item.Text.Replace("null", "").Replace("~", "").Replace("pending", "");
            var at = 0;
            foreach (var letter in kept)
                Assert.True((at = output.IndexOf(letter, at) + 1) > 0, $"something of\n{item.Text}\nis not in\n{output}");
        },
        iter: 300);

    [Fact]
    public void Two_megabytes_of_anything_end_in_an_error_or_a_text()
    {
        var random = new Random(6);
        var words = (string[])["- ", "a: ", "{", "}", "[", "]", "&a ", "*a ", "|", "\n", "  ", "\t", "\"", "'", "#", "---\n", "<<: *a", "kind: Pod\n", "\0", "\u2028", "!!str "];
        foreach (var pick in Enumerable.Range(0, words.Length + 1))
        {
            var text = new StringBuilder();
            while (text.Length < 2_000_000)
                text.Append(words[pick == words.Length ? random.Next(words.Length) : pick]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var preview = Preview.Of(text.ToString(), NodeShape.Example);
            Assert.Equal(text.ToString(), preview.Output);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4L << 30);
        }
    }

    [Fact]
    public void Deep_nesting_and_what_aliases_multiply_is_refused()
    {
        Assert.Contains("deep", Error(string.Concat(Enumerable.Repeat("[", 100_000))), StringComparison.Ordinal);
        Assert.Contains("deep", Error(string.Concat(Enumerable.Range(0, 300).Select(i => new string(' ', i) + "a:\n"))), StringComparison.Ordinal);
        var bomb = new StringBuilder("apiVersion: v1\nkind: Pod\na0: &a0 [x]\n");
        for (var i = 1; i < 40; i++)
            bomb.Append($"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n");
        Assert.Contains("aliases", Error(bomb.ToString() + "spec: *a39\n"), StringComparison.Ordinal);
    }

    private static string Error(string text) => Assert.Single(Preview.Of(text, NodeShape.Example).Errors).Message.Text;
}
