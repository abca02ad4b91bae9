using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>
/// A pod whose readers count in a volume of its own, since a namespace that enforces a level allows none of the node's.
/// </summary>
/// <param name="Created">Just before the API server was asked to make it.</param>
internal sealed record ReadingPod(string Namespace, string Name, string Folder, DateTime Created)
{
    public const string App = "app";

    /// <summary>Between two rounds of a reader that is one of a few.</summary>
    private const int Pause = 50_000;

    public bool HasStarted(string container = App) => ReaderCounts.AreAt(FileOf(container));

    /// <summary>From its creation to the first instructions of its container, which has put a file into the folder.</summary>
    public TimeSpan Start => Directory.GetLastWriteTimeUtc(Folder) - Created;

    public ReaderCounts Counts(string container = App) => new($"{Name}/{container}", FileOf(container));

    /// <summary>One of TestData/delivery/reader.yaml; nothing of it is waited for.</summary>
    /// <param name="pause">Microseconds.</param>
    /// <param name="annotations">As JSON.</param>
    public static Task<ReadingPod> CreateAsync(BootedCluster cluster, string @namespace, string name, int pause = Pause, string annotations = "{}") =>
        ApplyAsync(cluster, @namespace, Read("reader")
            .Replace("{ name: NAME }", $"{{ name: {name}, annotations: {annotations} }}", StringComparison.Ordinal)
            .Replace("PAUSE", $"{pause}", StringComparison.Ordinal));

    public static async Task<ReadingPod> ApplyAsync(BootedCluster cluster, string @namespace, string manifest)
    {
        using var client = cluster.CreateClient();
        using var body = new StringContent(manifest, Encoding.UTF8, new MediaTypeHeaderValue("application/yaml"));
        var created = DateTime.UtcNow;
        using var answer = await client.PostAsync(new Uri($"api/v1/namespaces/{@namespace}/pods", UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var metadata = JsonNode.Parse(text)!["metadata"]!;
        return new(@namespace, (string)metadata["name"]!,
            Path.Combine(cluster.Folder, "disk", "kubelet", "pods", (string)metadata["uid"]!, "volumes", "kubernetes.io~empty-dir", "counts"), created);
    }

    /// <summary>A manifest of TestData/delivery.</summary>
    public static string Read(string name) => File.ReadAllText(Path.Combine(Repository.Root, "tests", "cluster", "TestData", "delivery", $"{name}.yaml"));

    private string FileOf(string container) => Path.Combine(Folder, container);
}
