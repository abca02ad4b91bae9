using System.Text.Json.Nodes;
using LxcfsFunctions.Cli;
using LxcfsFunctions.Explain;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>explain and the page say of a pod what the webhook does with it.</summary>
public sealed class ReasonTests
{
    private static readonly string[] Golden = [.. ((string[])["mutate", "mutate-node"]).Select(webhook => Path.Combine(Repository.TestData, "golden", webhook))];

    [Fact]
    public void Explain_names_every_reason_that_the_webhook_has()
    {
        var seen = new HashSet<string>();
        foreach (var folder in Golden.SelectMany(Directory.GetDirectories).Where(folder => !File.Exists(Path.Combine(folder, "settings.json"))))
        {
            var request = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "review.json")))!["request"]!;
            if ((string?)request["operation"] != "CREATE" || request["object"] is not JsonObject pod)
                continue;
            var reason = (string)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "response.json")))!["auditAnnotations"]!["reason"]!;
            pod["kind"] = "Pod";
            (pod["metadata"] as JsonObject)?.Remove("namespace");

            var preview = Preview.Of(pod.ToJsonString(), NodeShape.Example, @namespace: (string)request["namespace"]!,
                forbidsHostPath: Path.GetDirectoryName(folder)!.EndsWith("-node", StringComparison.Ordinal));

            var document = Assert.Single(preview.Documents);
            // What can't be understood is refused, and the problem says which annotation it is.
            var expected = document.Outcome == PreviewOutcome.Denied ? "Invalid" : reason;
            Assert.True(expected == document.Reason, $"{folder}: {document.Reason} and not {expected}");
            Assert.Contains(ExplainCommand.Lines("-", preview, NodeShape.Example), line => line.Contains(document.Message, StringComparison.Ordinal));
            if (document.Outcome == PreviewOutcome.Denied)
                Assert.NotEmpty(document.Problems);
            seen.Add(reason);
        }

        Assert.Superset(Enum.GetNames<SkipReason>().ToHashSet(), seen);
        Assert.Distinct(Enum.GetNames<SkipReason>().Append(PodMutator.ByHostPath).Append(PodMutator.ByNode).Select(PreviewMessages.Of));
    }
}
