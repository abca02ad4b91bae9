using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.Infra.Tests.Deploy;

namespace LxcfsFunctions.Infra.Tests.Cluster;

/// <summary>What inject prints, against what a real API server stores when it asks the published webhooks about the original.</summary>
public sealed class InjectTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private static readonly string Manifests = Path.Combine(Repository.Root, "tests", "LxcfsFunctions.Tests", "TestData", "manifests");

    /// <summary>kubectl takes no directive, and this server knows only its own kinds, and of pods no <c>hostUsers</c> and no <c>os</c>.</summary>
    private static readonly string[] NotForKubectl = ["other-kinds", "well-known-kinds", "more-well-known-kinds", "unknown-kinds", "skipped"];

    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-inject-").FullName;

    private string Executable => Path.Combine(_folder, "lxcfs-functions");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_pod_of_an_injected_manifest_is_stored_as_one_of_the_original_through_the_webhooks()
    {
        var binaries = Repository.ApiServerBinaries;
        Assert.SkipUnless(File.Exists(Repository.Package), "there is no package: dotnet publish functions -c Release makes it");
        (await Command.RunAsync("unzip", ["-q", Repository.Package, "-d", _folder])).Succeeded();
        var (certificate, key) = WriteCertificate();
        await using var functions = await Instance.StartAsync(Executable, [new("Lxcfs__Tokens", Token)], certificate, key);
        await using var plane = await ControlPlane.StartAsync(binaries, cancellation: TestContext.Current.CancellationToken);
        var kubectl = new Kubectl(plane);
        await kubectl.RunAsync("create namespace plain");
        await kubectl.RunAsync("create namespace served");
        await kubectl.RunAsync("label namespace served lxcfs-admission-webhook=enabled");
        var authority = await File.ReadAllTextAsync(certificate, TestContext.Current.CancellationToken);
        await kubectl.RunAsync("apply -f -", StoredPods.Registration(functions.Port, Token, authority));

        var pods = new StoredPods(plane.CreateClient());
        await pods.AwaitWebhooksAsync();
        var compared = 0;
        foreach (var folder in Directory.GetDirectories(Manifests).Where(IsComparable))
            compared += await CompareAsync(folder, kubectl, pods);
        Assert.True(compared > 20, $"only {compared} pods were compared");
    }

    private static bool IsComparable(string folder) =>
        !File.Exists(Path.Combine(folder, "settings.json")) && !NotForKubectl.Contains(Path.GetFileName(folder))
        && JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "preview.json")))!["errors"]!.AsArray().Count == 0;

    private async Task<int> CompareAsync(string folder, Kubectl kubectl, StoredPods pods)
    {
        var file = Path.Combine(folder, "in.yaml");
        var injected = await Command.RunAsync(Executable, ["inject", "-f", file]);
        var originals = await kubectl.PodsOfAsync(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        if (injected.ExitCode == 1)
        {
            // One denied pod keeps the whole file back; the API server refuses that one.
            var answers = await Task.WhenAll(originals.Select(pod => pods.CreateAsync("served", pod)));
            Assert.Contains(answers, answer => (int?)answer["code"] == 422);
            return originals.Count;
        }

        var news = await kubectl.PodsOfAsync(injected.Succeeded());
        Assert.Equal(originals.Count, news.Count);
        for (var i = 0; i < originals.Count; i++)
        {
            var expected = StoredPods.WithoutServersOwn(await pods.CreateAsync("served", originals[i]));
            var actual = StoredPods.WithoutServersOwn(await pods.CreateAsync("plain", news[i]));
            Assert.True((string?)expected["kind"] == "Pod", $"{file}: {expected}");
            Assert.True(JsonNode.DeepEquals(expected, actual), $"{file}:\n{expected}\n{actual}");
        }

        return originals.Count;
    }

    private (string Certificate, string Key) WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Credentials.SelfSigned(key, "localhost");
        var (certificateFile, keyFile) = (Path.Combine(_folder, "tls.crt"), Path.Combine(_folder, "tls.key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
