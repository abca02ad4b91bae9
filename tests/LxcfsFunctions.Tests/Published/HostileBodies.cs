using System.Text;

namespace LxcfsFunctions.Tests.Published;

/// <summary>Bodies below the limit of 8 MiB that ask for far more than they hold; all but the last two are what an API server makes of a tenant's pod.</summary>
internal static class HostileBodies
{
    private const int MostBytes = 8 << 20;

    /// <summary>An API server writes these fields where a manifest has <c>{}</c>.</summary>
    private const string Container =
        """{"name":"","resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"Always"}""";

    public static (string Name, string Webhook, byte[] Body)[] All { get; } =
    [
        .. ((string[])["mutate", "validate"]).SelectMany(webhook => new (string, string, byte[])[]
        {
            ("containers", webhook, Pod("""{"spec":{"containers":[#]}}""", 40_000, _ => Container)),
            ("names to skip", webhook, Pod(
                Annotated("lxcfs-admission-webhook.raids-lab.github.io/skip-containers", 200_000, i => $"{i:x}", "#"), 20_000, _ => """{"name":""}""")),
            ("foreign volumes", webhook, Pod(
                Fill("""{"spec":{"volumes":[@],"containers":[{"name":"c","volumeMounts":[#]}]}}""", '@', 20_000, i => $$"""{"name":"v{{i}}","hostPath":{"path":"/other/proc/stat","type":""} }"""),
                20_000, i => $$"""{"name":"m{{i}}","mountPath":"/m"}""")),
            ("a long path mounted often", webhook, Pod(
                Mounted("/" + new string('a', 1 << 20) + "/."), 20_000, _ => """{"name":"v","mountPath":"/m"}""")),
            ("files at other paths", webhook, Pod(
                Mounted("/var/lib/lxc/lxcfs/proc/stat"), 40_000, i => $$"""{"name":"v","readOnly":true,"mountPath":"/m{{i}}"}""")),
            ("writable mounts", webhook, Pod(Mounted("/var/lib/lxc/lxcfs"), 40_000, i => $$"""{"name":"v","mountPath":"/m{{i}}"}""")),
            ("local volumes", webhook, Pod(
                Annotated("cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes", 1_000_000, _ => "a", "#"), 1, _ => """{"name":"c"}""")),
            ("profiles", webhook, Pod(Annotated("lxcfs-admission-webhook.raids-lab.github.io/env", 1_000_000, _ => "go", "#"), 1, _ => """{"name":"c"}""")),
            ("node selector terms", webhook, Pod(
                """{"spec":{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[#]}}},"containers":[{"name":"c"}]}}""",
                100_000, _ => """{"matchExpressions":[{"key":"k","operator":"Exists"}]}""")),
            ("capabilities", webhook, Pod("""{"spec":{"containers":[{"name":"c","securityContext":{"capabilities":{"add":[#]}}}]}}""", 700_000, _ => "\"a\"")),
            ("a container's name", webhook, Pod("""{"spec":{"containers":[{"name":"#"}]}}""", 3_500_000, _ => "n")),
            ("the name", webhook, Review(new string('n', 7_000_000), """{"spec":{"containers":[{"name":"c"}]}}""")),
            ("one key", webhook, Encoding.UTF8.GetBytes($$"""{"{{new string('k', 7_000_000)}}":nonsense}""")),
        }),
    ];

    private static string Annotated(string key, int count, Func<int, string> value, string containers) =>
        Fill("""{"metadata":{"annotations":{"KEY":"@"}},"spec":{"containers":[""".Replace("KEY", key, StringComparison.Ordinal), '@', count, value) + containers + "]}}";

    private static string Mounted(string path) =>
        """{"spec":{"volumes":[{"name":"v","hostPath":{"path":"PATH"}}],"containers":[{"name":"c","volumeMounts":[#]}]}}""".Replace("PATH", path, StringComparison.Ordinal);

    private static string Fill(string template, char place, int count, Func<int, string> make) =>
        template.Replace($"{place}", string.Join(',', Enumerable.Range(0, count).Select(make)), StringComparison.Ordinal);

    private static byte[] Pod(string template, int count, Func<int, string> make) => Review("p", Fill(template, '#', count, make));

    private static byte[] Review(string name, string pod)
    {
        var body = Encoding.UTF8.GetBytes(
            """{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","resource":{"group":"","resource":"pods"},"operation":"CREATE","namespace":"n","name":"NAME","object":POD}}"""
                .Replace("NAME", name, StringComparison.Ordinal).Replace("POD", pod, StringComparison.Ordinal));
        Assert.InRange(body.Length, 1, MostBytes);
        return body;
    }
}
