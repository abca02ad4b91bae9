using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Release.Tests;

/// <summary>What a registry serves as a tag or digest.</summary>
internal sealed record Manifest(string Digest, JsonElement Content);

/// <summary>A registry on a free port of loopback, with a storage of its own, gone with it.</summary>
internal sealed partial class Registry : IAsyncDisposable
{
    private const string Types = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lxcfs-registry-");
    private readonly HttpClient _client = new();
    private readonly Process _process;

    private Registry(Process process) => _process = process;

    /// <summary>Host and port.</summary>
    public string Name { get; private set; } = "";

    public static async Task<Registry> StartAsync(string program)
    {
        var process = new Process();
        var registry = new Registry(process);
        var settings = Path.Combine(registry._folder.FullName, "settings.yml");
        await File.WriteAllTextAsync(
            settings,
            $"""
            version: 0.1
            log:
              level: info
            storage:
              filesystem:
                rootdirectory: {registry._folder.FullName}/storage
            http:
              addr: 127.0.0.1:0
            """,
            TestContext.Current.CancellationToken);
        process.StartInfo = new(program, ["serve", settings]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) =>
        {
            if (Listening().Match(line.Data ?? "") is { Success: true } match)
                listening.TrySetResult(match.Groups[1].Value);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            registry.Name = await listening.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
            return registry;
        }
        catch
        {
            await registry.DisposeAsync();
            throw;
        }
    }

    /// <summary>A manifest or an index, whose digest is computed and not believed.</summary>
    public async Task<Manifest> ManifestAsync(string name, string reference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Name}/v2/{name}/manifests/{reference}");
        foreach (var type in Types.Split(", "))
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new($"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}", JsonElement.Parse(bytes));
    }

    /// <summary>A blob that is JSON: an image's configuration.</summary>
    public async Task<JsonElement> BlobAsync(string name, string digest) =>
        JsonElement.Parse(await _client.GetByteArrayAsync(new Uri($"http://{Name}/v2/{name}/blobs/{digest}"), TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex(@"listening on (127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
