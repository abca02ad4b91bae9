using k8s;

namespace LxcfsFunctions.Infra.Tests.Monitoring;

/// <summary>One alert, as Prometheus reads it.</summary>
internal sealed record Alert(string Name, string Expression, string Severity, IReadOnlyDictionary<string, string> Annotations);

/// <summary>The alerts that infra/alert-rules.sh prints.</summary>
internal static class Alerts
{
    public static async Task<string> PrintAsync(params string[] runbooks) =>
        (await Command.RunAsync("bash", ["infra/alert-rules.sh", .. runbooks])).Succeeded();

    public static IReadOnlyList<Alert> Parse(string rules) =>
    [
        .. Lists(KubernetesYaml.Deserialize<Dictionary<object, object>>(rules), "groups").SelectMany(group => Lists(group, "rules")).Select(rule => new Alert(
            (string)rule["alert"], (string)rule["expr"], Texts(rule["labels"])["severity"], Texts(rule["annotations"]))),
    ];

    /// <summary>The groups of a document that the operator reads.</summary>
    public static string GroupsOf(string prometheusRule) => KubernetesYaml.Serialize(
        ((Dictionary<object, object>)KubernetesYaml.Deserialize<Dictionary<object, object>>(prometheusRule)["spec"])["groups"]);

    public static string GroupsOf(string rules, int index) =>
        KubernetesYaml.Serialize(new[] { Lists(KubernetesYaml.Deserialize<Dictionary<object, object>>(rules), "groups").ElementAt(index) });

    private static IEnumerable<Dictionary<object, object>> Lists(Dictionary<object, object> map, string key) =>
        ((List<object>)map[key]).Cast<Dictionary<object, object>>();

    private static Dictionary<string, string> Texts(object map) =>
        ((Dictionary<object, object>)map).ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value);
}
