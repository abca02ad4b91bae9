using System.Diagnostics;
using System.Text.Json.Nodes;
using CsCheck;
using LxcfsFunctions.Cli;
using LxcfsFunctions.Explain;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>What comes out says to other readers what it says to this program's own, and no key stands in it twice.</summary>
public sealed class SecondReaderTests
{
    private static readonly string Golden = Path.Combine(Repository.TestData, "manifests");

    [Fact]
    public async Task Any_pod_in_any_style_is_read_alike_by_kubectl()
    {
        var outputs = OutputsOf(ManifestProperties.Texts, 200);
        await ReadAlikeAsync(outputs);
        Assert.Empty(await SecondReaders.RepeatedKeysAsync(outputs));
    }

    [Fact]
    public async Task Objects_that_share_parts_by_anchors_are_read_alike_by_kubectl()
    {
        var outputs = OutputsOf(SharedTemplateProperties.Manifest, 200);
        await ReadAlikeAsync(outputs);
        Assert.Empty(await SecondReaders.RepeatedKeysAsync(outputs));
    }

    /// <summary>kubectl says what each text says before and after: no reader of this program is asked.</summary>
    [Fact]
    public async Task Odd_and_right_YAML_becomes_to_kubectl_what_the_same_object_becomes_in_JSON()
    {
        var samples = new List<(JsonNode[] Objects, string Text)>();
        OddYaml.Manifests.Sample(samples.Add, iter: 250, threads: 1, print: sample => sample.Text);
        var previews = samples.Select(sample => (sample.Text, Preview: Preview.Of(sample.Text, NodeShape.Example))).ToArray();

        AssertSame(samples.SelectMany(sample => sample.Objects), await SecondReaders.ObjectsAsync([.. samples.Select(sample => sample.Text)]));
        Assert.All(previews, item => Assert.True(item.Preview.Errors.Count == 0, $"{string.Join(", ", item.Preview.Errors)}\n{item.Text}"));
        string[] outputs = [.. previews.Select(item => item.Preview.Output)];
        AssertSame(samples.SelectMany(sample => sample.Objects.Select(InJson)), await SecondReaders.ObjectsAsync(outputs));
        Assert.Empty(await SecondReaders.RepeatedKeysAsync(outputs));

        static JsonNode InJson(JsonNode item) => JsonNode.Parse(Preview.Of(item.ToJsonString(), NodeShape.Example).Output)!;
    }

    /// <summary>Some cases are no YAML, or repeat a key, before too. What they say to kubectl, a real API server judges (Infra's InjectTests).</summary>
    [Fact]
    public async Task No_golden_case_has_more_repeated_keys_afterwards()
    {
        var folders = Directory.GetDirectories(Golden).Order(StringComparer.Ordinal).ToArray();
        var before = await KeysOfAsync("in.yaml");
        var after = await KeysOfAsync("out.yaml");
        Assert.All(folders.Index(), folder => Assert.True(after[folder.Index] <= before[folder.Index], folder.Item));

        async Task<int[]> KeysOfAsync(string name)
        {
            var lines = await SecondReaders.RepeatedKeysAsync([.. folders.Select(folder => File.ReadAllText(Path.Combine(folder, name)))]);
            return [.. folders.Index().Select(folder => lines.Count(line => line.StartsWith($"{folder.Index:0000}.", StringComparison.Ordinal)))];
        }
    }

    [Fact]
    public async Task A_diff_of_any_manifest_is_no_longer_than_the_one_of_diff()
    {
        foreach (var text in Sample(ManifestProperties.Texts, 150).Concat(Sample(SharedTemplateProperties.Manifest, 50)))
        {
            var preview = Preview.Of(text, NodeShape.Example);
            var diff = UnifiedDiff.Of("a", text, preview.Edits).ToArray();
            var (ours, theirs) = (diff.Count(IsChange), (await DiffAsync(text, preview.Output)).Count(IsChange));
            Assert.True(ours <= theirs, $"{ours} lines and not {theirs}:\n{string.Join('\n', diff)}");
        }

        static bool IsChange(string line) => line is ['+' or '-', ..] && !line.StartsWith("+++", StringComparison.Ordinal) && !line.StartsWith("---", StringComparison.Ordinal);
    }

    private static async Task ReadAlikeAsync(IReadOnlyList<string> texts)
    {
        var wanted = texts.Select(text => JsonNode.Parse(YamlWriter.ToJson(text))!)
            .SelectMany(item => (string?)item["kind"] == "List" ? item["items"]!.AsArray().Select(each => each!) : [item]).ToArray();
        AssertSame(wanted, await SecondReaders.ObjectsAsync(texts));
    }

    private static void AssertSame(IEnumerable<JsonNode> wanted, IReadOnlyList<JsonNode> read)
    {
        var items = wanted.ToArray();
        Assert.Equal(items.Length, read.Count);
        foreach (var (one, other) in items.Zip(read))
            Assert.True(JsonNode.DeepEquals(one, other), $"{one}\nis to kubectl\n{other}");
    }

    private static string[] OutputsOf(Gen<string> texts, int count) => [.. Sample(texts, count).Select(text => Preview.Of(text, NodeShape.Example).Output)];

    private static string[] Sample(Gen<string> texts, int count)
    {
        var sample = new List<string>();
        texts.Sample(sample.Add, iter: count, threads: 1, print: text => text);
        return [.. sample];
    }

    private static async Task<string[]> DiffAsync(string before, string after)
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-diff-").FullName;
        var (one, other) = (Path.Combine(folder, "before"), Path.Combine(folder, "after"));
        await File.WriteAllTextAsync(one, before);
        await File.WriteAllTextAsync(other, after);
        using var diff = Process.Start(new ProcessStartInfo("diff", ["-u", one, other]) { RedirectStandardOutput = true })!;
        var lines = (await diff.StandardOutput.ReadToEndAsync()).Split('\n');
        Directory.Delete(folder, recursive: true);
        return lines;
    }
}
