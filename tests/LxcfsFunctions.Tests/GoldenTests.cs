using System.Text.Json.Nodes;

namespace LxcfsFunctions.Tests;

/// <summary>
/// A case is a folder TestData/golden/WEBHOOK/CASE: <c>review.json</c>, <c>settings.json</c> where it differs from the
/// defaults, and <c>response.json</c> with the patch decoded. UPDATE_GOLDEN=1 rewrites the responses; read the diff.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(Repository.TestData, "golden");

    public static TheoryData<string> Cases =>
        [.. Directory.GetDirectories(Folder).SelectMany(Directory.GetDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Cases))]
    public void Every_case_is_answered_as_its_folder_says(string name)
    {
        var folder = Path.Combine(Folder, name);
        var webhooks = WebhooksOf(folder);
        var review = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "review.json")))!;
        var webhook = PathOf(Path.GetDirectoryName(name)!);
        var response = webhooks.Answer(webhook, review);
        if (Webhooks.PatchOf(response) is { } patch)
        {
            response["patch"] = patch;
            var patched = Patches.AssertSound(webhooks, review, webhook)!;
            if (patched["kind"]?.ToString() == "Pod")
                Patches.AssertValidPod(patched);
        }

        var expected = Path.Combine(folder, "response.json");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(expected, Patches.Pretty(response));
        Assert.True(File.Exists(expected), $"{name} has no response.json; UPDATE_GOLDEN=1 writes it");
        Assert.Equal(File.ReadAllText(expected), Patches.Pretty(response));
    }

    /// <summary>Of the webhook whose cases a folder holds.</summary>
    public static string PathOf(string folder) => folder.Replace('-', '/');

    [Fact]
    public void Every_folder_holds_a_case_and_nothing_else() => Assert.All(
        Directory.GetFiles(Folder, "*", SearchOption.AllDirectories),
        file => Assert.Contains(Path.GetFileName(file), new[] { "review.json", "response.json", "settings.json" }));

    [Fact]
    public void Warnings_are_no_longer_than_an_API_server_shows() => Assert.All(
        Directory.GetFiles(Folder, "response.json", SearchOption.AllDirectories)
            .SelectMany(file => JsonNode.Parse(File.ReadAllText(file))!["warnings"]?.AsArray() ?? []),
        warning => Assert.InRange(((string)warning!).Length, 1, 120));

    private static Webhooks WebhooksOf(string folder)
    {
        var file = Path.Combine(folder, "settings.json");
        return File.Exists(file)
            ? Webhooks.With([.. JsonNode.Parse(File.ReadAllText(file))!.AsObject().Select(member => (member.Key, (string)member.Value!))])
            : Webhooks.Default;
    }
}
