using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>What an API server answered.</summary>
/// <param name="Warnings">Of the Warning headers, the text alone.</param>
internal sealed record Answer(HttpStatusCode Status, JsonObject Body, IReadOnlyList<string> Warnings)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    public string Message => (string?)Body["message"] ?? "";

    /// <summary>The object; the test fails where there is none.</summary>
    public JsonObject Succeeded()
    {
        Assert.True(IsSuccess, $"{(int)Status}: {Message}");
        return Body;
    }
}

/// <summary>An API server spoken to directly: for what would take kubectl minutes.</summary>
internal sealed class Api(HttpClient client) : IDisposable
{
    public HttpClient Client => client;

    public async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, type);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var warnings = answer.Headers.TryGetValues("Warning", out var values) ? values.Select(value => value.Split('"')[1]) : [];
        return new(answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : new() { ["message"] = text }, [.. warnings]);
    }

    public async Task<JsonObject> GetAsync(string path) => (await SendAsync(HttpMethod.Get, path)).Succeeded();

    /// <summary>Whether there is an API server at the other end.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            return (await SendAsync(HttpMethod.Get, "version")).IsSuccess;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public Task<string> GetTextAsync(string path) => client.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <param name="dryRun">Admitted and validated, and then forgotten.</param>
    public Task<Answer> CreatePodAsync(string @namespace, JsonNode pod, bool dryRun = false) =>
        SendAsync(HttpMethod.Post, $"api/v1/namespaces/{@namespace}/pods{(dryRun ? "?dryRun=All" : "")}", pod);

    public void Dispose() => client.Dispose();
}
