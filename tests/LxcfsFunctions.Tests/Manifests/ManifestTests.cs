using System.Text.Json.Nodes;
using LxcfsFunctions.Explain;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>
/// A case is a folder TestData/manifests/CASE: <c>in.yaml</c>, <c>settings.json</c> where it differs from the defaults,
/// <c>out.yaml</c> and <c>preview.json</c> without its output. UPDATE_GOLDEN=1 rewrites the last two; read the diff.
/// </summary>
public sealed class ManifestTests
{
    private static readonly string Folder = Path.Combine(Repository.TestData, "manifests");

    public static TheoryData<string> Cases =>
        [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Cases))]
    public void Every_manifest_becomes_what_its_folder_says(string name)
    {
        var folder = Path.Combine(Folder, name);
        var options = OptionsOf(folder);
        var preview = Preview.Of(File.ReadAllText(Path.Combine(folder, "in.yaml")), NodeShape.Example, options);
        Golden(Path.Combine(folder, "out.yaml"), preview.Output);
        var json = JsonNode.Parse(PreviewJson.Of(preview).Span)!.AsObject();
        Assert.True(json.Remove("output"));
        Golden(Path.Combine(folder, "preview.json"), Patches.Pretty(json));

        Assert.Equal(preview.Output, Preview.Of(preview.Output, NodeShape.Example, options).Output);
    }

    private static void Golden(string file, string actual)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(file, actual);
        Assert.True(File.Exists(file), $"there is no {file}; UPDATE_GOLDEN=1 writes it");
        Assert.Equal(File.ReadAllText(file), actual);
    }

    private static LxcfsOptions OptionsOf(string folder)
    {
        var file = Path.Combine(folder, "settings.json");
        if (!File.Exists(file))
            return new();
        var settings = JsonNode.Parse(File.ReadAllText(file))!.AsObject().Select(member => (member.Key, (string)member.Value!));
        return LxcfsOptions.Read(new SettingsReader(Webhooks.Configuration([.. settings])));
    }
}
