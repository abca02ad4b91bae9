using System.Text.Json.Nodes;
using CsCheck;
using LxcfsFunctions.Explain;
using YamlDotNet.Serialization;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>Objects that share parts by anchors, in every style: what comes out is what each of them becomes by itself, said once.</summary>
public sealed class SharedTemplateProperties
{
    private static readonly string[] Levels = ["item", "metadata", "spec", "containers", "container", "resources", "merged"];

    internal static readonly Gen<string> Manifest = Gen.Select(
        Gen.Int[2, 4], Gen.Int[0, Levels.Length - 1], Gen.Bool, Gen.Bool, Gen.Int[0, 2], (count, level, flow, annotated, profile) => Write(count, Levels[level], flow, annotated, profile));

    [Fact]
    public void Every_sharing_object_becomes_what_it_would_alone_and_no_key_stands_twice() => Manifest.Sample(
        text =>
        {
            var preview = Preview.Of(text, NodeShape.Example);
            Assert.True(preview.Errors.Count == 0, $"{string.Join(", ", preview.Errors)}\n{text}");
            Assert.NotEqual(text, preview.Output);
            Assert.Equal(preview.Output, Preview.Of(preview.Output, NodeShape.Example).Output);
            var (before, after) = (Items(text), Items(preview.Output));
            Assert.Equal(before.Count, after.Count);
            for (var i = 0; i < before.Count; i++)
                Assert.True(JsonNode.DeepEquals(Alone(before[i]!), after[i]), $"{text}\n\n{preview.Output}");
            // Another composer above the parser, which refuses a key that stands there twice.
            new DeserializerBuilder().WithDuplicateKeyChecking().Build().Deserialize<object>(preview.Output);
        },
        iter: 100);

    private static JsonArray Items(string text) => JsonNode.Parse(YamlWriter.ToJson(text))!["items"]!.AsArray();

    private static JsonNode Alone(JsonNode item) => JsonNode.Parse(YamlWriter.ToJson(Preview.Of(item.ToJsonString(), NodeShape.Example).Output))!;

    private static string Write(int count, string level, bool flow, bool annotated, int profile)
    {
        string[] profiles = ["", "go", "omp,java"];
        var notes = annotated ? $", annotations: {{lxcfs-admission-webhook.raids-lab.github.io/env: \"{profiles[profile]}\"}}" : "";
        var metadata = $"{{labels: {{a: b}}{(annotated && profile > 0 ? notes : "")}}}";
        const string resources = "{limits: {cpu: 1500m, memory: 1Gi}}";
        var items = Enumerable.Range(0, count).Select(i =>
        {
            string Shared(string name, string value) => level != name ? value : i == 0 ? $"&{name} {value}" : $"*{name}";
            var container = Shared("container", level == "merged" && i > 0
                ? "{<<: *merged, name: d}"
                : $"{(level == "merged" ? "&merged " : "")}{{name: c, image: i, resources: {Shared("resources", resources)}}}");
            var spec = Shared("spec", flow
                ? $"{{containers: {Shared("containers", $"[{container}]")}}}"
                : $"\n    containers:{(level == "containers" && i > 0 ? " *containers" : $"{(level == "containers" ? " &containers" : "")}\n    - {container}")}");
            var ends = spec is ['*', ..] || flow;
            var item = ends
                ? $"kind: Pod\n    apiVersion: v1\n    metadata: {Shared("metadata", metadata)}\n    spec: {spec}"
                : $"kind: Pod\n    apiVersion: v1\n    metadata: {Shared("metadata", metadata)}\n    spec:{(spec is ['&', ..] ? $" &spec{spec[6..]}" : spec).Replace("\n    ", "\n      ", StringComparison.Ordinal)}";
            return level == "item" && i > 0 ? "  - *item" : $"  -{(level == "item" ? " &item\n    " : " ")}{item}";
        });
        return $"apiVersion: v1\nkind: List\nitems:\n{string.Join('\n', items)}\n";
    }
}
