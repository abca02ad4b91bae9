using System.Text.Json;

namespace Release.Tests;

/// <summary>The images, as the registry serves them once they are pushed.</summary>
public sealed class ImageTests(DryRun release)
{
    private static readonly Dictionary<string, string> Programs = new()
    {
        ["lxcfs-agent"] = "/usr/bin/lxcfs-agent",
        ["lxcfs-functions"] = "/lxcfs-functions",
    };

    public static TheoryData<string, string> Each =>
        [.. DryRun.Images.SelectMany(image => DryRun.Architectures.Select(architecture => (image, architecture)))];

    [Theory]
    [InlineData("lxcfs-agent")]
    [InlineData("lxcfs-functions")]
    public async Task The_version_is_an_index_of_both_architectures_with_the_digest_that_images_txt_and_the_workflow_have(string image)
    {
        var index = await release.Registry.ManifestAsync($"me/{image}", Made.Version);
        Assert.Equal(index.Digest, release.Digests()[image]);
        Assert.Contains($"{image}={index.Digest}\n", await File.ReadAllTextAsync(release.Outputs, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var manifests = index.Content.GetProperty("manifests").EnumerateArray().ToArray();
        Assert.Equal(DryRun.Architectures, manifests.Select(Architecture));
        foreach (var manifest in manifests)
        {
            var tagged = await release.Registry.ManifestAsync($"me/{image}", $"{Made.Version}-{Architecture(manifest)}");
            Assert.Equal(tagged.Digest, manifest.GetProperty("digest").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Its_labels_say_what_it_was_made_of(string image, string architecture)
    {
        var configuration = await ConfigurationAsync(image, architecture);
        Assert.Equal(architecture, configuration.GetProperty("architecture").GetString());

        var labels = configuration.GetProperty("config").GetProperty("Labels");
        var commit = (await Made.RunAsync("git", ["-c", "safe.directory=*", "rev-parse", "HEAD"])).Trim();
        var baseDigest = (await release.Registry.ManifestAsync("debian", "trixie-slim")).Digest;
        Dictionary<string, string> expected = new()
        {
            ["title"] = image,
            ["version"] = Made.Version,
            ["revision"] = commit,
            ["source"] = "https://github.com/me/lxcfs",
            ["base.name"] = release.BaseName,
            ["base.digest"] = baseDigest,
        };
        Assert.All(expected, label => Assert.Equal(label.Value, labels.GetProperty($"org.opencontainers.image.{label.Key}").GetString()));
        Assert.Equal(baseDigest, release.Digests()["base"]);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Its_program_starts_where_it_is_pulled_by_digest_and_says_the_version(string image, string architecture)
    {
        var said = await release.RunImageAsync(image, architecture, Programs[image], "--version");
        Assert.Matches($@"^{Made.Version}\+[0-9a-f]{{40}}\n$", said);
    }

    [Theory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public async Task The_agent_s_LXCFS_finds_its_libraries(string architecture)
    {
        var said = await release.RunImageAsync("lxcfs-agent", architecture, "/opt/lxcfs/lxcfs", "--version");
        Assert.Matches(@"^""[\d.]+\+lxcfsfunctions\d+""\n$", said);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task A_scanner_finds_the_packages_of_its_libraries(string image, string architecture)
    {
        string[] expected = image == "lxcfs-agent" ? ["libc6", "libfuse3-4", "libgcc-s1", "libssl3t64", "libzstd1", "zlib1g"] : ["libc6", "libssl3t64", "libzstd1", "zlib1g"];
        var fields = (await release.PackagesAsync(image, architecture)).Split('\n').Select(line => line.Split(": ")).ToLookup(field => field[0], field => field[^1]);
        Assert.Equal(expected, fields["Package"]);
        Assert.Equal([architecture], fields["Architecture"].Distinct());
    }

    private static string? Architecture(JsonElement manifest) => manifest.GetProperty("platform").GetProperty("architecture").GetString();

    private async Task<JsonElement> ConfigurationAsync(string image, string architecture)
    {
        var index = await release.Registry.ManifestAsync($"me/{image}", release.Digests()[image]);
        var digest = index.Content.GetProperty("manifests").EnumerateArray().Single(manifest => Architecture(manifest) == architecture).GetProperty("digest").GetString()!;
        var manifest = await release.Registry.ManifestAsync($"me/{image}", digest);
        return await release.Registry.BlobAsync($"me/{image}", manifest.Content.GetProperty("config").GetProperty("digest").GetString()!);
    }
}
