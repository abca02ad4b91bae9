using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LxcfsFunctions.ApiServer;
using LxcfsFunctions.EndToEnd.Parts;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>
/// Plays cert-manager, as long as it is not disposed: issues what the product's Certificate asks for, and injects the authority where
/// an annotation asks for it. Its CustomResourceDefinitions have to be there.
/// </summary>
internal sealed class PlayedCertManager : IAsyncDisposable
{
    private const string Product = "lxcfs-functions", Core = $"api/v1/namespaces/{Product}";

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client;
    private readonly Authority _authority;
    private readonly Task _loop;

    public PlayedCertManager(HttpClient client, Authority authority)
    {
        (_client, _authority) = (client, authority);
        _loop = Task.Run(LoopAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _client.Dispose();
        _end.Dispose();
    }

    private async Task LoopAsync()
    {
        for (; !_end.IsCancellationRequested; await Task.Delay(100, CancellationToken.None))
        {
            try
            {
                await IssueAsync();
                await PlayedInjector.InjectAsync(_client, $"{Product}/{Product}", _authority.Pem);
            }
            catch (HttpRequestException)
            {
                // The API server is on its way, or refuses in a namespace that is being deleted: the next look tells.
            }
        }
    }

    private async Task IssueAsync()
    {
        using var asked = await _client.GetAsync(new Uri($"apis/cert-manager.io/v1/namespaces/{Product}/certificates/{Product}", UriKind.Relative));
        if (!asked.IsSuccessStatusCode)
            return;
        var spec = (await asked.Content.ReadFromJsonAsync<JsonObject>())!["spec"]!;
        using var there = await _client.GetAsync(new Uri($"{Core}/secrets/{spec["secretName"]}", UriKind.Relative));
        if (there.StatusCode != HttpStatusCode.NotFound)
            return;
        var certificate = _authority.Issue((string)spec["dnsNames"]![0]!);
        using var made = await _client.PostAsJsonAsync(new Uri($"{Core}/secrets", UriKind.Relative), new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = (string)spec["secretName"]! },
            ["type"] = "kubernetes.io/tls",
            ["stringData"] = new JsonObject { ["tls.crt"] = certificate.Chain, ["tls.key"] = certificate.Key },
        });
    }
}
