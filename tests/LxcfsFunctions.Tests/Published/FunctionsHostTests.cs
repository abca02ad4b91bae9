using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Tests.Published;

/// <summary>
/// A stand-in of the Azure Functions host: it starts what host.json names, tells the port by the environment, asks for / until
/// anything answers, proxies with headers of its own, kills and starts again.
/// </summary>
public sealed class FunctionsHostTests(Package package) : IClassFixture<Package>
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private const string OtherToken = "ffffffffffffffff0123456789abcdef";
    private static readonly HttpClient Client = new();
    private readonly int _port = Running.FreePort();

    [Fact]
    public async Task The_host_starts_it_proxies_to_it_kills_it_and_starts_it_again()
    {
        for (var round = 0; round < 2; round++)
        {
            await using var handler = await StartAsync(("Lxcfs__Tokens", $"{Token},{OtherToken}"));
            foreach (var token in new[] { Token, OtherToken })
            {
                foreach (var webhook in new[] { "mutate", "mutate/node", "validate" })
                {
                    using var answer = await ForwardAsync(webhook, token);
                    Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                    Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
                    var review = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
                    Assert.True((bool)review["response"]!["allowed"]!);
                }
            }

            // A line may be some milliseconds late, and a kill would take it away.
            await handler.PrintsAsync("\"outcome\":\"Mutated\"");
            handler.Process.Kill();
            Assert.NotEqual(0, await handler.ExitAsync());
            Assert.DoesNotContain(Token, handler.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_the_right_token_every_path_is_unknown()
    {
        await using var handler = await StartAsync(("Lxcfs__Tokens", Token));
        foreach (var token in new[] { "local", OtherToken, Token[..^1], "a%2Fb" })
        {
            using var answer = await ForwardAsync("mutate", token);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task It_refuses_to_start_without_a_token_unless_that_is_switched_on_by_name()
    {
        await using var refused = Start();
        Assert.Equal(78, await refused.ExitAsync());
        Assert.Contains("Lxcfs__Tokens", refused.Output, StringComparison.Ordinal);

        await using var handler = await StartAsync(("Lxcfs__AllowAnonymous", "true"));
        using var answer = await ForwardAsync("mutate", "anything");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_stop_never_looks_like_a_success_since_the_host_would_not_restart_it()
    {
        await using var handler = await StartAsync(("Lxcfs__Tokens", Token));
        Assert.Equal(143, await handler.TerminateAsync());
    }

    /// <summary>The host still writes, and makes a 500 of an answer that comes before it is done.</summary>
    [Theory]
    [InlineData(413, Token, "application/json")]
    [InlineData(415, Token, "text/plain")]
    [InlineData(404, OtherToken, "application/json")]
    public async Task A_body_over_the_limit_is_read_to_its_end_and_then_refused_on_a_connection_that_stays(int expected, string token, string type)
    {
        await using var handler = await StartAsync(("Lxcfs__Tokens", Token), ("Lxcfs__MaxRequestBodyBytes", "10000"));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        for (var round = 0; round < 2; round++)
        {
            var body = new byte[16 << 20];
            Array.Fill(body, (byte)' ');
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /hooks/{token}/mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n"), TestContext.Current.CancellationToken);
            for (var at = 0; at < body.Length; at += 1 << 20)
            {
                Assert.False(stream.DataAvailable, "it answers before it has read the body");
                await stream.WriteAsync(body.AsMemory(at, 1 << 20), TestContext.Current.CancellationToken);
            }

            var (status, length) = ((await reader.ReadLineAsync(TestContext.Current.CancellationToken))!, 0);
            Assert.StartsWith($"HTTP/1.1 {expected}", status, StringComparison.Ordinal);
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 } header)
                length = header.StartsWith("Content-Length: ", StringComparison.Ordinal) ? int.Parse(header["Content-Length: ".Length..], CultureInfo.InvariantCulture) : length;
            // A reader that is asked for nothing waits for more all the same.
            if (length > 0)
                Assert.Equal(length, await reader.ReadBlockAsync(new char[length], TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void The_package_is_what_the_host_wants_to_find()
    {
        var mode = File.GetUnixFileMode(package.Executable);
        Assert.True(mode.HasFlag(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
        Assert.Equal(
            ["host.json", "lxcfs-functions", "mutate-node/function.json", "mutate/function.json", "page/function.json", "validate/function.json"],
            Directory.GetFiles(package.Folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(package.Folder, path)).Order(StringComparer.Ordinal));
        foreach (var webhook in new[] { Webhook.MutatePath, Webhook.MutateNodePath, Webhook.ValidatePath })
        {
            var bindings = JsonNode.Parse(File.ReadAllText(Path.Combine(package.Folder, webhook.Replace('/', '-'), "function.json")))!["bindings"]!.AsArray();
            Assert.Equal("anonymous", (string?)bindings[0]!["authLevel"]);
            Assert.Equal(["post"], bindings[0]!["methods"]!.AsArray().Select(method => (string?)method));
            Assert.Equal(Webhook.Route + webhook, (string?)bindings[0]!["route"]);
        }
    }

    [Fact]
    public async Task A_working_directory_of_20_000_folders_is_not_watched()
    {
        var crowded = Directory.CreateTempSubdirectory("lxcfs-crowded-").FullName;
        for (var i = 0; i < 20_000; i++)
            Directory.CreateDirectory(Path.Combine(crowded, $"{i % 100}", $"{i}"));
        await using var handler = await StartAsync([("Lxcfs__Tokens", Token)], crowded);
        var watches = Directory.GetFiles($"/proc/{handler.Process.Id}/fdinfo")
            .SelectMany(File.ReadAllLines).Count(line => line.StartsWith("inotify", StringComparison.Ordinal));
        Assert.InRange(watches, 0, 4);
        Directory.Delete(crowded, recursive: true);
    }

    private Running Start(params (string, string)[] settings) => Start(settings, package.Folder);

    private Running Start((string, string)[] settings, string folder)
    {
        _ = package.Executable;
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(package.Folder, "host.json")))!;
        Assert.Equal("", (string?)host["extensions"]!["http"]!["routePrefix"]);
        var executable = (string)host["customHandler"]!["description"]!["defaultExecutablePath"]!;
        return new(Path.Combine(package.Folder, executable), [.. settings, ("FUNCTIONS_CUSTOMHANDLER_PORT", $"{_port}")], folder);
    }

    private Task<Running> StartAsync(params (string, string)[] settings) => StartAsync(settings, package.Folder);

    private async Task<Running> StartAsync((string, string)[] settings, string folder)
    {
        var handler = Start(settings, folder);
        await handler.AnswersAsync(Client, $"http://127.0.0.1:{_port}/");
        return handler;
    }

    private Task<HttpResponseMessage> ForwardAsync(string webhook, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{_port}/hooks/{token}/{webhook}?timeout=3s"))
        {
            Content = new ByteArrayContent(Requests.Sample) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        request.Headers.Add("X-Azure-Functions-HostVersion", "4.1000.0");
        request.Headers.Add("x-ms-invocation-id", Guid.NewGuid().ToString());
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
