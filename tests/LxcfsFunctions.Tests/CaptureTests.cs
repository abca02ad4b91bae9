using System.Text.Json.Nodes;

namespace LxcfsFunctions.Tests;

/// <summary>Requests that real API servers sent, byte for byte.</summary>
public sealed class CaptureTests
{
    private static readonly string Folder = Path.Combine(Repository.TestData, "captures");

    public static TheoryData<string> Bodies =>
        [.. Directory.GetFiles(Folder, "*.body.json", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Bodies))]
    public void Every_captured_request_is_answered_with_an_applicable_patch_or_none(string name)
    {
        var body = File.ReadAllBytes(Path.Combine(Folder, name));
        var review = JsonNode.Parse(body)!;
        foreach (var webhook in new[] { "mutate", "validate" })
            Assert.Equal((string?)review["request"]!["uid"], (string?)Webhooks.Default.Answer(webhook, body)["uid"]);

        var patched = Patches.AssertSound(Webhooks.Default, review);
        var request = review["request"]!;
        var isNewPod = (string?)request["operation"] == "CREATE" && request["subResource"] is null;
        Assert.Equal(isNewPod, patched is not null);
        if (patched is not null)
            Patches.AssertValidPod(patched);
    }
}
