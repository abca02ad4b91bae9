using System.Text.Json.Nodes;
using CsCheck;
using LxcfsFunctions.Explain;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>What inject put in comes out, and nothing else does.</summary>
public sealed class UninjectionTests
{
    private static readonly string Folder = Path.Combine(Repository.TestData, "manifests");

    /// <summary>Where inject wrote something over, which nobody can know afterwards: a null, empty brackets, an alias.</summary>
    private static readonly string[] WrittenOver = ["conflicting", "flow-style", "helm-deployment", "nulls", "shared-anchor", "shared-template-replaced-annotations"];

    /// <summary>What comes back with another look, and what a pod may have of LXCFS before.</summary>
    private static readonly string[] WrittenOverOrThere = [LxcfsNames.SafeToEvictLocalVolumes, "/status", "lxcfs-proc", "lxcfs-sys"];

    public static TheoryData<string> Cases =>
    [
        .. Directory.GetDirectories(Folder).Where(path => !File.Exists(Path.Combine(path, "settings.json")) || Path.GetFileName(path).StartsWith("delivered-", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path)!).Except(WrittenOver).Order(StringComparer.Ordinal),
    ];

    [Theory, MemberData(nameof(Cases))]
    public void What_was_injected_is_taken_out_byte_for_byte(string name)
    {
        var (text, injected) = (Read(name, "in.yaml"), Read(name, "out.yaml"));

        var preview = Of(injected);

        Assert.Equal(text, preview.Output);
        Assert.Equal(text, Of(text).Output);
    }

    [Fact]
    public void What_was_written_over_is_taken_out_all_the_same() => Assert.All(
        WrittenOver, name => Assert.DoesNotContain("path: /var/lib/lxc/lxcfs/proc/uptime", Of(Read(name, "out.yaml")).Output, StringComparison.Ordinal));

    [Fact]
    public void Any_pod_comes_back()
    {
        var compared = 0;
        Gen.Select(PodGenerator.Review, Gen.Int[0, 5], Gen.Int[0, int.MaxValue]).Sample(Compare, iter: 6000);
        Assert.InRange(compared, 60, 6000);

        void Compare(JsonNode review, int style, int seed)
        {
            if (WithoutEmpty(review["request"]!["object"]) is not { } pod
                || WrittenOverOrThere.Any(word => pod.ToJsonString().Contains(word, StringComparison.Ordinal)))
                return;
            Interlocked.Increment(ref compared);
            var text = YamlWriter.Write(pod, style, seed);
            Assert.Equal(text, Of(Preview.Of(text, NodeShape.Example).Output).Output);
        }
    }

    [Fact]
    public void What_was_oddly_written_comes_back()
    {
        var compared = 0;
        OddYaml.Manifests.Sample(Compare, iter: 1500, print: sample => sample.Text);
        Assert.InRange(compared, 20, 1500);

        void Compare((JsonNode[] Objects, string Text) sample)
        {
            var pod = sample.Objects[0].ToJsonString();
            if (WrittenOverOrThere.Any(word => pod.Contains(word, StringComparison.Ordinal)))
                return;
            Interlocked.Increment(ref compared);
            var preview = Of(Preview.Of(sample.Text, NodeShape.Example).Output);
            Assert.Empty(preview.Errors);
            var (before, after) = (WithoutEmpty(JsonNode.Parse(YamlWriter.ToJson(sample.Text))!), WithoutEmpty(JsonNode.Parse(YamlWriter.ToJson(preview.Output))!));
            Assert.True(JsonNode.DeepEquals(before, after), preview.Output);
        }
    }

    /// <summary>Nulls and empty brackets are what inject writes over, and so don't come back.</summary>
    private static JsonNode? WithoutEmpty(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var members = map.Select(member => KeyValuePair.Create(member.Key, WithoutEmpty(member.Value))).Where(member => member.Value is not null).ToArray();
                return members.Length > 0 ? new JsonObject(members) : null;
            case JsonArray list:
                var items = list.Select(WithoutEmpty).Where(item => item is not null).ToArray();
                return items.Length > 0 ? new JsonArray(items) : null;
            default:
                return node?.DeepClone();
        }
    }

    [Fact]
    public void What_only_resembles_it_stays()
    {
        const string Text = """
            apiVersion: v1
            kind: Pod
            metadata:
              annotations:
                lxcfs-admission-webhook.raids-lab.github.io/status: mutated
                lxcfs-admission-webhook.raids-lab.github.io/env: go
                cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes: "mine,lxcfs-proc-stat"
            spec:
              containers:
                - name: a
                  image: b
                  env:
                    - {name: GOMAXPROCS, value: "7"}
                  resources: {limits: {cpu: 2}}
                  volumeMounts:
                    - {name: lxcfs-proc-stat, mountPath: /host/stat, readOnly: true}
                    - {name: lxcfs-proc-stat, mountPath: /proc/stat, readOnly: true}
              volumes:
                - {name: mine, emptyDir: {}}
                - {name: lxcfs-proc-stat, hostPath: {path: /var/lib/lxc/lxcfs/proc/stat}}

            """;

        var output = Of(Text).Output;

        Assert.Equal(
            Text.Replace("    lxcfs-admission-webhook.raids-lab.github.io/status: mutated\n", "", StringComparison.Ordinal)
                .Replace("\"mine,lxcfs-proc-stat\"", "mine", StringComparison.Ordinal)
                .Replace("        - {name: lxcfs-proc-stat, mountPath: /proc/stat, readOnly: true}\n", "", StringComparison.Ordinal),
            output);
    }

    private static Preview Of(string text) => new Uninjection(new LxcfsOptions(), "default", []).Of(text);

    private static string Read(string name, string file) => File.ReadAllText(Path.Combine(Folder, name, file));
}
