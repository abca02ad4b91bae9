using System.Net;
using System.Text.Json.Nodes;
using LxcfsFunctions.Tests.Published;

namespace LxcfsFunctions.Page.Tests;

/// <summary>Where there is a page and where there is none, and what it tells to whom.</summary>
public sealed class ServingTests(Package package) : IClassFixture<Package>, IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static readonly (string, string) WithToken = ("Lxcfs__Tokens", Token);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly int _port = Running.FreePort();

    private string Origin => $"http://127.0.0.1:{_port}";

    [Fact]
    public async Task Under_the_Functions_host_there_is_none_unless_it_is_switched_on()
    {
        await using (await StartAsync(WithToken))
        {
            await AssertAsync(HttpStatusCode.NotFound, $"/hooks/{Token}/page/", Browser);
            await AssertAsync(HttpStatusCode.NotFound, $"/hooks/{Token}/page/page.js", Browser);
            Assert.Equal("lxcfs-functions\n", await AssertAsync(HttpStatusCode.OK, "/", Browser));
            using var refused = await PreviewAsync("kind: Pod"u8.ToArray());
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        await using var program = await StartAsync(WithToken, ("Lxcfs__Page", "true"));
        Assert.Contains("<h1", await AssertAsync(HttpStatusCode.OK, $"/hooks/{Token}/page/", Browser), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_token_no_other_path_tells_that_there_is_a_page_and_no_line_tells_the_token()
    {
        await using var program = await StartAsync(WithToken, ("Lxcfs__Page", "true"));
        string[] unknown =
        [
            "/hooks/local/page/", "/hooks/page/", $"/hooks/{Token[..^1]}/page/page.js", "/page/", "/page.js",
            $"/hooks/{Token}/page/secret.js", $"/hooks/{Token}/page/..%2f..%2fhost.json",
        ];
        foreach (var path in unknown)
            await AssertAsync(HttpStatusCode.NotFound, path, Browser);
        Assert.Equal("lxcfs-functions\n", await AssertAsync(HttpStatusCode.OK, "/", Browser));
        using var preview = await PreviewAsync("apiVersion: v1\nkind: Pod\nmetadata:\n  name: hunter2\n"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, preview.StatusCode);
        using var refused = await PreviewAsync("hunter2: [\xff"u8.ToArray(), "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Equal(143, await program.TerminateAsync());
        Assert.DoesNotContain(Token, program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_probe_of_the_host_gets_what_it_got_and_only_a_browser_gets_the_page()
    {
        await using var program = await StartAsync(("Lxcfs__AllowAnonymous", "true"), ("Lxcfs__Page", "true"));
        foreach (var accept in new[] { null, "*/*", "application/json" })
            Assert.Equal("lxcfs-functions\n", await AssertAsync(HttpStatusCode.OK, "/", accept));
        using var answer = await GetAsync("/", Browser);
        Assert.Equal((HttpStatusCode.Found, "/hooks/local/page/"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        using var bare = await GetAsync("/hooks/local/page", Browser);
        Assert.Equal((HttpStatusCode.Found, "page/"), (bare.StatusCode, bare.Headers.Location?.OriginalString));
    }

    [Fact]
    public void The_host_is_told_of_the_page_by_the_route_that_it_has()
    {
        _ = package.Executable;
        var bindings = JsonNode.Parse(File.ReadAllText(Path.Combine(package.Folder, "page", "function.json")))!["bindings"]!.AsArray();
        Assert.Equal("anonymous", (string?)bindings[0]!["authLevel"]);
        Assert.Equal(PageEndpoints.Route.TrimStart('/') + "{file?}", (string?)bindings[0]!["route"]);
        Assert.Equal(["get", "post"], bindings[0]!["methods"]!.AsArray().Select(method => (string?)method));
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("page.js")]
    [InlineData("base.css")]
    [InlineData("preview")]
    public async Task Every_answer_forbids_what_the_page_does_not_need(string file)
    {
        await using var program = await StartAsync(WithToken, ("Lxcfs__Page", "true"));
        using var answer = file == "preview" ? await PreviewAsync("kind: Pod"u8.ToArray()) : await GetAsync($"/hooks/{Token}/page/{file}", Browser);
        string Header(string name) => string.Join(", ", answer.Headers.GetValues(name));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header("Referrer-Policy"));
        Assert.Equal("no-store", Header("Cache-Control"));
        Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
    }

    [Fact]
    public async Task What_goes_out_compressed_is_what_goes_out_plain()
    {
        await using var program = await StartAsync(WithToken, ("Lxcfs__Page", "true"));
        using var unpacking = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip });
        var bytes = 0L;
        foreach (var file in Directory.GetFiles(Path.Combine(LxcfsFunctions.Tests.Repository.Root, "functions", "preview", "site")))
        {
            var url = new Uri($"{Origin}/hooks/{Token}/page/{Path.GetFileName(file)}");
            var expected = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(expected, await _client.GetStringAsync(url, TestContext.Current.CancellationToken));
            Assert.Equal(expected, await unpacking.GetStringAsync(url, TestContext.Current.CancellationToken));
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "Accept-Encoding", "gzip, deflate, br" } } };
            using var packed = await _client.SendAsync(request, TestContext.Current.CancellationToken);
            bytes += packed.Content.Headers.ContentLength!.Value;
        }

        Assert.InRange(bytes, 1, 40_000);
    }

    [Fact]
    public async Task What_can_not_be_previewed_is_a_status_and_a_sentence()
    {
        await using var program = await StartAsync(WithToken, ("Lxcfs__Page", "true"));
        var large = new byte[2_000_000];
        Array.Fill(large, (byte)'#');
        await AssertRefusedAsync(HttpStatusCode.RequestEntityTooLarge, "1048576 bytes", large);
        await AssertRefusedAsync(HttpStatusCode.BadRequest, "UTF-8", [0xff, 0xfe, 0x00]);
        await AssertRefusedAsync(HttpStatusCode.UnsupportedMediaType, "application/yaml", "kind: Pod"u8.ToArray(), "text/plain");
        await AssertRefusedAsync(HttpStatusCode.BadRequest, "cpus", "kind: Pod"u8.ToArray(), query: "?cpus=many");
        await AssertRefusedAsync(HttpStatusCode.BadRequest, "enforced", "kind: Pod"u8.ToArray(), query: "?enforced=maybe");
        await AssertRefusedAsync(HttpStatusCode.BadRequest, "memory", "kind: Pod"u8.ToArray(), query: "?memory=much");
    }

    private async Task AssertRefusedAsync(HttpStatusCode status, string word, byte[] body, string type = "application/yaml", string query = "")
    {
        using var answer = await PreviewAsync(body, type, query);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(word, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<string> AssertAsync(HttpStatusCode status, string path, string? accept)
    {
        using var answer = await GetAsync(path, accept);
        Assert.Equal(status, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private Task<HttpResponseMessage> GetAsync(string path, string? accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Origin + path));
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        return _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private Task<HttpResponseMessage> PreviewAsync(byte[] manifest, string type = "application/yaml", string query = "") => _client.SendAsync(
        Requests.Post($"{Origin}/hooks/{Token}/page/preview{query}", manifest, type), TestContext.Current.CancellationToken);

    private async Task<Running> StartAsync(params (string, string)[] settings)
    {
        var program = new Running(package.Executable, [("FUNCTIONS_CUSTOMHANDLER_PORT", $"{_port}"), .. settings], package.Folder);
        await program.AnswersAsync(_client, $"{Origin}/healthz");
        return program;
    }

    public void Dispose() => _client.Dispose();
}
