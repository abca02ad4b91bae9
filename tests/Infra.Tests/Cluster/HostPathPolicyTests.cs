using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Infra.Tests.Cluster;

/// <summary>The policies that allow the files' hostPaths and no others: what an API server's CEL makes of the one, and that the other says the same.</summary>
public sealed class HostPathPolicyTests
{
    private const string OnlyFiles = "of the node's paths, only the files of LXCFS may be mounted, each as type File";
    private const string OnlyReadOnly = "the files of LXCFS may be mounted read-only alone";

    private static readonly string Policies = Path.Combine(Repository.Infra, "policies");

    public static TheoryData<string, string, string[]> Pods => new()
    {
        { "", "", [] },
        { """{"name": "d", "emptyDir": {}}""", """{"name": "d", "mountPath": "/d"}""", [] },
        { HostPath("/var/lib/lxc/lxcfs/proc/meminfo", "File"), Mount("true"), [] },
        { HostPath("/var/lib/lxc/lxcfs/proc/meminfo", "File"), Mount("false"), [OnlyReadOnly] },
        { HostPath("/var/lib/lxc/lxcfs/proc/meminfo", "File"), """{"name": "h", "mountPath": "/proc/meminfo"}""", [OnlyReadOnly] },
        { HostPath("/var/lib/lxc/lxcfs/proc/meminfo", "FileOrCreate"), Mount("true"), [OnlyFiles] },
        { """{"name": "h", "hostPath": {"path": "/var/lib/lxc/lxcfs/proc/meminfo"}}""", Mount("true"), [OnlyFiles] },
        { HostPath("/var/lib/lxc/lxcfs/proc/../../../../../etc/shadow", "File"), Mount("true"), [OnlyFiles] },
        { HostPath("/var/lib/lxc/lxcfs/proc/pressure/cpu", "File"), Mount("true"), [OnlyFiles] },
        { HostPath("/etc/shadow", "File"), "", [OnlyFiles] },
    };

    [Theory]
    [MemberData(nameof(Pods))]
    public async Task An_api_server_lets_the_files_pass_and_no_other_path(string volume, string mount, string[] denied)
    {
        foreach (var kind in (string[])["containers", "initContainers", "ephemeralContainers"])
            Assert.Equal(denied, await DeniedAsync(volume, mount, kind));
    }

    [Fact]
    public async Task A_pod_of_many_containers_with_all_files_stays_within_the_budget_of_CEL()
    {
        var volumes = string.Join(", ", LxcfsFile.All.Select(file =>
            $$$"""{"name": "{{{file.Volume}}}", "hostPath": {"path": "{{{LxcfsFile.DefaultRoot}}}{{{file.Path}}}", "type": "File"}}"""));
        var mounts = string.Join(", ", LxcfsFile.All.Select(file => $$"""{"name": "{{file.Volume}}", "mountPath": "{{file.Path}}", "readOnly": true}"""));
        var more = string.Concat(Enumerable.Range(0, 60).Select(i => $$""", {"name": "c{{i}}", "image": "a", "volumeMounts": [{{mounts}}]}"""));

        Assert.Empty(await DeniedAsync(volumes, mounts, "containers", more));
    }

    /// <summary>Else a Job's pod that was there before the policy could not lose its finalizer.</summary>
    [Fact]
    public void A_pod_that_exists_is_never_held_up() => Assert.Equal(
        ["CREATE pods", "UPDATE pods/ephemeralcontainers"],
        Policy().Spec.MatchConstraints.ResourceRules.SelectMany(rule => rule.Operations.SelectMany(operation => rule.Resources.Select(resource => $"{operation} {resource}"))));

    [Fact]
    public void Both_policies_name_the_files_of_the_table()
    {
        var kyverno = File.ReadAllLines(Path.Combine(Policies, "kyverno.yaml")).Select(line => line.Trim())
            .Where(line => line.StartsWith("- /", StringComparison.Ordinal)).Select(line => line[2..]);
        var cel = Assert.Single(Policy().Spec.Variables, variable => variable.Name == "files").Expression.Split('\'')
            .Where(part => part.StartsWith('/')).ToList();

        Assert.Equal(LxcfsFile.All.Select(file => LxcfsFile.DefaultRoot + file.Path), kyverno);
        Assert.Equal([.. LxcfsFile.All.Select(file => file.Path), LxcfsFile.DefaultRoot], cel);
    }

    [Fact]
    public void The_policy_of_Kyverno_is_read_and_judges_pods_of_labelled_namespaces()
    {
        var policy = KubernetesYaml.Deserialize<Dictionary<string, object>>(File.ReadAllText(Path.Combine(Policies, "kyverno.yaml")));
        var rule = (Dictionary<object, object>)Assert.Single((List<object>)((Dictionary<object, object>)policy["spec"])["rules"]);
        var any = (List<object>)((Dictionary<object, object>)rule["match"])["any"];
        var resources = (Dictionary<object, object>)((Dictionary<object, object>)Assert.Single(any))["resources"];

        Assert.Equal(("kyverno.io/v1", "ClusterPolicy"), ((string)policy["apiVersion"], (string)policy["kind"]));
        Assert.Equal(["Pod"], (List<object>)resources["kinds"]);
        Assert.Equal(["CREATE"], (List<object>)resources["operations"]);
        var labels = (Dictionary<object, object>)((Dictionary<object, object>)resources["namespaceSelector"])["matchLabels"];
        Assert.Equal(LxcfsNames.Enabled, labels[LxcfsNames.Label]);
    }

    private static Task<string[]> DeniedAsync(string volumes, string mounts, string kind, string more = "")
    {
        var container = $$"""{"name": "a", "image": "a", "volumeMounts": [{{mounts}}]}""";
        var containers = kind == "containers"
            ? $$""" "containers": [{{container}}{{more}}]"""
            : $$""" "containers": [{"name": "b", "image": "b"}], "{{kind}}": [{{container}}]""";
        return Conditions.DeniedAsync(Policy(), JsonNode.Parse($$"""
            {
              "operation": "CREATE", "namespace": "team",
              "kind": {"group": "", "version": "v1", "kind": "Pod"}, "resource": {"group": "", "version": "v1", "resource": "pods"},
              "object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": { {{containers}}, "volumes": [{{volumes}}] } }
            }
            """)!.AsObject());
    }

    private static V1ValidatingAdmissionPolicy Policy() => KubernetesYaml.LoadAllFromString(
        File.ReadAllText(Path.Combine(Policies, "validating-admission-policy.yaml")), null, strict: true).OfType<V1ValidatingAdmissionPolicy>().Single();

    private static string HostPath(string path, string type) => $$$"""{"name": "h", "hostPath": {"path": "{{{path}}}", "type": "{{{type}}}"}}""";

    private static string Mount(string readOnly) => $$"""{"name": "h", "mountPath": "/proc/meminfo", "readOnly": {{readOnly}}}""";
}
