using System.Text.Json.Nodes;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>The audit log of an API server: who asked what of its pods, and what the webhooks said.</summary>
internal sealed class Audit
{
    private const string Policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
          - level: Metadata
            resources: [{ group: "", resources: [pods, pods/ephemeralcontainers] }]
            verbs: [create, update, patch]
          - level: None

        """;

    private readonly string _policy;
    private readonly string _log;

    /// <param name="folder">For the policy and the log.</param>
    public Audit(string folder)
    {
        (_policy, _log) = (Path.Combine(folder, "audit.yaml"), Path.Combine(folder, "audit.log"));
        File.WriteAllText(_policy, Policy);
    }

    /// <summary>What has an API server write it, event by event.</summary>
    public IReadOnlyList<string> Arguments => [$"--audit-policy-file={_policy}", $"--audit-log-path={_log}", "--audit-log-mode=blocking"];

    /// <summary>The last event of a pod.</summary>
    public JsonObject Of(string @namespace, string pod) => File.ReadLines(_log).Select(line => JsonNode.Parse(line)!.AsObject())
        .Last(item => (string?)item["objectRef"]!["namespace"] == @namespace && (string?)item["objectRef"]!["name"] == pod);

    /// <summary>What a webhook left in an event, by the ends of the annotations' names: outcome, reason.</summary>
    public static IReadOnlyDictionary<string, string> Annotations(JsonObject item, string webhook) =>
        (item["annotations"]?.AsObject() ?? []).Where(pair => pair.Key.StartsWith($"{webhook}/", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key.Split('/')[^1], pair => (string)pair.Value!);
}
