using CsCheck;
using LxcfsFunctions.Explain;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>What inject put in comes out, and nothing else does.</summary>
public sealed class UninjectionTests
{
    private static readonly string Folder = Path.Combine(Repository.TestData, "manifests");

    /// <summary>Where inject wrote something over, which nobody can know afterwards: a null, empty brackets, an alias.</summary>
    private static readonly string[] WrittenOver = ["conflicting", "flow-style", "helm-deployment", "nulls", "shared-anchor"];

    public static TheoryData<string> Cases =>
    [
        .. Directory.GetDirectories(Folder).Where(path => !File.Exists(Path.Combine(path, "settings.json"))).Select(path => Path.GetFileName(path)!)
            .Except(WrittenOver).Order(StringComparer.Ordinal),
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
    public void Any_pod_comes_back() => Gen.Select(PodGenerator.Review, Gen.Int[0, 5], Gen.Int[0, int.MaxValue]).Sample(
        (review, style, seed) =>
        {
            var pod = review["request"]!["object"]!;
            if (pod.ToJsonString().Contains("null", StringComparison.Ordinal) || pod.ToJsonString().Contains("[]", StringComparison.Ordinal)
                || pod.ToJsonString().Contains("lxcfs-", StringComparison.Ordinal) || pod.ToJsonString().Contains("{}", StringComparison.Ordinal))
                return;
            var text = YamlWriter.Write(pod, style, seed);
            var injected = Preview.Of(text, NodeShape.Example).Output;
            Assert.Equal(text, Of(injected).Output);
        },
        iter: 1000);

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
