using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests;

/// <summary>Applies a patch as an API server would (RFC 6902), and judges it by what it did.</summary>
internal static class Patches
{
    private static readonly string[] MayReplace = [LxcfsNames.Status, LxcfsNames.SafeToEvictLocalVolumes, LxcfsNames.Deliver, LxcfsNames.DeliverExcept];

    public static JsonNode Apply(JsonNode document, JsonArray patch)
    {
        var patched = document.DeepClone();
        foreach (var operation in patch)
        {
            Assert.Equal("add", (string?)operation!["op"]);
            Add(patched, (string)operation["path"]!, operation["value"]);
        }

        return patched;
    }

    private static void Add(JsonNode document, string pointer, JsonNode? value)
    {
        var parts = pointer.Split('/').Skip(1).Select(part => part.Replace("~1", "/").Replace("~0", "~")).ToArray();
        var parent = parts[..^1].Aggregate(document, (node, part) => node switch
        {
            JsonArray list => list[int.Parse(part, CultureInfo.InvariantCulture)]!,
            JsonObject item => item[part] ?? throw new InvalidOperationException($"{pointer}: there is no {part}"),
            _ => throw new InvalidOperationException($"{pointer}: {part} is in no list and no object"),
        });
        if (parent is JsonArray elements)
        {
            Assert.Equal("-", parts[^1]);
            elements.Add(value?.DeepClone());
            return;
        }

        var name = parts[^1];
        Assert.True(parent[name] is null || MayReplace.Contains(name), $"{pointer} replaces what was there");
        parent[name] = value?.DeepClone();
    }

    /// <summary>Everything that was there is there, in its order; what is new is new.</summary>
    public static void AssertOnlyAdds(JsonNode? before, JsonNode? after, string path = "")
    {
        switch (before)
        {
            case null:
                return;
            case JsonObject members:
                var names = after!.AsObject().Select(member => member.Key).ToArray();
                Assert.Equal(members.Select(member => member.Key), names.Take(members.Count));
                foreach (var (name, value) in members)
                {
                    if (name is LxcfsNames.SafeToEvictLocalVolumes or LxcfsNames.DeliverExcept)
                        Assert.StartsWith((string)value!, (string)after![name]!, StringComparison.Ordinal);
                    else if (name is not (LxcfsNames.Status or LxcfsNames.Deliver))
                        AssertOnlyAdds(value, after![name], $"{path}/{name}");
                }

                return;
            case JsonArray elements:
                for (var i = 0; i < elements.Count; i++)
                    AssertOnlyAdds(elements[i], after!.AsArray()[i], $"{path}/{i}");
                return;
            default:
                Assert.True(before.ToJsonString() == after!.ToJsonString(), $"{path} changed");
                return;
        }
    }

    /// <summary>What an API server's validation would refuse, and what KubernetesClient could not read.</summary>
    public static void AssertValidPod(JsonNode pod)
    {
        Assert.NotNull(KubernetesJson.Deserialize<V1Pod>(pod.ToJsonString()));
        var spec = pod["spec"]!;
        AssertDistinct(Names(spec["volumes"], "name"));
        foreach (var list in new[] { "initContainers", "containers", "ephemeralContainers" })
        {
            foreach (var container in spec[list]?.AsArray() ?? [])
            {
                AssertDistinct(Names(container!["volumeMounts"], "mountPath").Select(PodPath.Clean));
                AssertDistinct(Names(container["env"], "name"));
                Assert.Subset(Names(spec["volumes"], "name").ToHashSet(), Names(container["volumeMounts"], "name").ToHashSet());
            }
        }
    }

    private static IEnumerable<string> Names(JsonNode? list, string field) =>
        list?.AsArray().Select(item => (string?)item?[field] ?? "") ?? [];

    private static void AssertDistinct(IEnumerable<string> names) =>
        Assert.All(names.GroupBy(name => name), group => Assert.Single(group));

    /// <summary>Mutates once, judges, and mutates what came of it again, which has to change nothing.</summary>
    /// <returns>The pod after the patch, or null where there was none.</returns>
    public static JsonNode? AssertSound(Webhooks webhooks, JsonNode review, string webhook = "mutate")
    {
        var pod = review["request"]!["object"];
        var response = webhooks.Answer(webhook, review);
        Assert.True((bool)response["allowed"]!);
        if (Webhooks.PatchOf(response) is not { } patch)
            return null;
        Assert.NotEmpty(patch);
        var patched = Apply(pod!, patch);
        AssertOnlyAdds(pod, patched);

        var again = review.DeepClone();
        again["request"]!["object"] = patched.DeepClone();
        Assert.Null(Webhooks.PatchOf(webhooks.Answer(webhook, again)));
        return patched;
    }

    public static string Pretty(JsonNode node) =>
        node.ToJsonString(new(JsonSerializerOptions.Default) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
}
