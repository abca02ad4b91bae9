using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LxcfsFunctions.EndToEnd.Corpus;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.EndToEnd.Restricted;
using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

/// <summary>With the component node-delivery, an API server that judges each pod after mutate by what the level <c>restricted</c> asks for.</summary>
public sealed partial class RestrictedTests(RestrictedCluster cluster) : IClassFixture<RestrictedCluster>
{
    private const string Policy = "PodSecurityPolicy: unable to admit pod";
    private const int AtOnce = 4, LeastAdmitted = 200, LeastRefused = 50, LeastGolden = 10;

    [Fact]
    public async Task Each_golden_pod_within_the_level_is_admitted_marked_for_its_node_and_stored_as_its_owner_wrote_it()
    {
        await cluster.NeedAsync();
        var cases = RestrictedPods.OfGoldenCases();
        List<string> refused = [];
        foreach (var (name, pod) in cases)
        {
            if (!(await AskWithAndWithoutAsync(name, pod, dryRun: false)).IsSuccess)
                refused.Add(name);
        }

        // Their owners ask for hostPath or procMount: Unmasked.
        Assert.Equal(cases.Where(item => AsksForMore().IsMatch(item.Pod.ToJsonString())).Select(item => item.Name), refused);
        Assert.True(cases.Count - refused.Count >= LeastGolden, $"only {cases.Count} of them, and refused {string.Join(", ", refused)}");
    }

    [Fact]
    public async Task A_pod_of_any_shape_is_admitted_exactly_where_it_is_without_the_webhooks_and_else_refused_with_the_same_words()
    {
        var (admitted, refused) = (0, 0);
        var shapes = await ShapesAsync();
        await EachAsync(shapes, async (name, pod) =>
        {
            var answer = await AskWithAndWithoutAsync(name, pod, dryRun: true);
            if (answer.IsSuccess)
                Interlocked.Increment(ref admitted);
            else if (answer.Message.Contains(Policy, StringComparison.Ordinal))
                Interlocked.Increment(ref refused);
        });
        Measured.Print($"{shapes.Count} shapes of pods, one for each field that the API server knows; the policy admits {admitted} and refuses {refused}");
        Assert.InRange(admitted, LeastAdmitted, shapes.Count);
        Assert.InRange(refused, LeastRefused, shapes.Count);
    }

    [Fact]
    public async Task The_same_pods_with_hostPath_are_refused_for_hostPath_and_for_nothing_else() =>
        await EachAsync([.. await ShapesAsync(), .. RestrictedPods.OfGoldenCases()], async (name, pod) =>
        {
            if (PodShapes.IsOfWindows(pod) || !(await cluster.Api.CreatePodAsync(cluster.Without, pod, dryRun: true)).IsSuccess)
                return;
            var answer = await cluster.Api.CreatePodAsync(cluster.ByHostPath, pod, dryRun: true);
            Assert.Equal($"{name}: {HttpStatusCode.Forbidden}", $"{name}: {answer.Status}");
            var reasons = HostPathVolume().Replace(answer.Message, "");
            Assert.True(reasons.Length < answer.Message.Length && !reasons.Contains("spec.", StringComparison.Ordinal), $"{name}: {answer.Message}");
        });

    [Theory]
    [InlineData("/spec/hostNetwork", "true", "hostNetwork")]
    [InlineData("/spec/hostPID", "true", "hostPID")]
    [InlineData("/spec/hostIPC", "true", "hostIPC")]
    [InlineData("/spec/volumes", """[{ "name": "a", "hostPath": { "path": "/" } }]""", "hostPath volumes are not allowed")]
    [InlineData("/spec/volumes", """[{ "name": "a", "nfs": { "server": "a", "path": "/" } }]""", "nfs volumes are not allowed")]
    [InlineData("/spec/containers/0/ports", """[{ "containerPort": 80, "hostPort": 80 }]""", "Host port 80 is not allowed")]
    [InlineData("/spec/containers/0/securityContext/privileged", "true", "Privileged containers are not allowed")]
    [InlineData("/spec/containers/0/securityContext/allowPrivilegeEscalation", "true", "Allowing privilege escalation")]
    [InlineData("/spec/containers/0/securityContext/capabilities/add", """["SYS_ADMIN"]""", "capability may not be added")]
    [InlineData("/spec/containers/0/securityContext/runAsUser", "0", "running with the root UID is forbidden")]
    [InlineData("/spec/containers/0/securityContext/runAsNonRoot", "false", "must be true")]
    [InlineData("/spec/containers/0/securityContext/seccompProfile", """{ "type": "Unconfined" }""", "seccomp")]
    [InlineData("/spec/containers/0/securityContext/procMount", "\"Unmasked\"", "procMount")]
    [InlineData("/spec/securityContext/sysctls", """[{ "name": "kernel.msgmax", "value": "1" }]""", "sysctl")]
    public async Task What_the_level_forbids_stays_refused(string path, string value, string reason)
    {
        await cluster.NeedAsync();
        var pod = AddingPatch.Apply(RestrictedPods.Plain("app"), [new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = JsonNode.Parse(value) }]);

        var answer = await AskWithAndWithoutAsync(path, pod, dryRun: true);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains(Policy, answer.Message, StringComparison.Ordinal);
        Assert.Contains(reason, answer.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex("\"hostPath\":|\"Unmasked\"")]
    private static partial Regex AsksForMore();

    [GeneratedRegex("""spec\.volumes\[\d+\]: Invalid value: "hostPath": hostPath volumes are not allowed to be used""")]
    private static partial Regex HostPathVolume();

    [GeneratedRegex("0x[0-9a-f]+")]
    private static partial Regex Address();

    private static Task EachAsync(IEnumerable<(string Name, JsonObject Pod)> pods, Func<string, JsonObject, Task> look) =>
        Parallel.ForEachAsync(pods, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (item, _) => await look(item.Name, item.Pod));

    private async Task<IReadOnlyList<(string Name, JsonObject Pod)>> ShapesAsync()
    {
        await cluster.NeedAsync();
        return RestrictedPods.OfEveryField(new OpenApiSchema(await cluster.Api.GetAsync("openapi/v2")).Pod);
    }

    /// <summary>Both answers are the same, but for the marks.</summary>
    /// <returns>That with the webhooks.</returns>
    private async Task<Answer> AskWithAndWithoutAsync(string name, JsonObject pod, bool dryRun)
    {
        var with = await cluster.Api.CreatePodAsync(cluster.ByNode, pod, dryRun);
        var without = await cluster.Api.CreatePodAsync(cluster.Without, pod, dryRun);
        Assert.Equal($"{name}: {without.Status} {Words(without)}", $"{name}: {with.Status} {Words(with)}");
        if (!with.IsSuccess)
            return with;
        var isMarked = RestrictedCluster.DeliveryOf(with.Body) == LxcfsNames.DeliverNode && (string?)with.Body["metadata"]!["annotations"]![LxcfsNames.Status] == "mutated";
        Assert.True(isMarked != PodShapes.IsOfWindows(pod), $"{name}: marked: {isMarked}");
        Assert.Equal($"{name}: {Written(without.Body)}", $"{name}: {Written(with.Body)}");
        return with;
    }

    /// <summary>An answer's, without what is another's in each: addresses in the API server's memory.</summary>
    private static string Words(Answer answer) => Address().Replace(answer.Message, "");

    /// <summary>What its owner wrote, and what the API server makes of it.</summary>
    private static JsonObject Written(JsonObject pod)
    {
        var written = Additions.RemoveMarks(Additions.RemoveServersOwn(pod));
        // Variables that it asks for by a profile are no concern of the level's.
        if (written["metadata"]!["annotations"]?[LxcfsNames.Env] is not null)
            written["spec"]!["containers"]![0]!.AsObject().Remove("env");
        return written;
    }
}
