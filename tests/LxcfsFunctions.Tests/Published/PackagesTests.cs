using System.Text;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Tests.Published;

/// <summary>The worker and the custom handler are one program to an API server: each under a stand-in of its side of the host.</summary>
public sealed class PackagesTests(Package handler, WorkerPackage worker) : IClassFixture<Package>, IClassFixture<WorkerPackage>
{
    /// <summary>Never sends a body that it was not let to.</summary>
    private static readonly HttpClient Client = new(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan });
    private static readonly string Golden = Path.Combine(Repository.TestData, "golden");

    [Fact]
    public async Task Both_answer_every_case_of_the_edge_with_the_same_status_and_the_same_bytes()
    {
        await using var running = await RunningWorker.StartAsync(worker.Folder, EdgeCase.Settings);
        await using var served = await ServedHandler.StartAsync(handler, EdgeCase.Settings);
        foreach (var each in EdgeCase.All)
        {
            // The host itself answers where no function's route and method fit.
            var ours = await running.Host.SendAsync(each.Method, each.Path, each.InChunks ? [] : each.Body, each.ContentType)
                ?? new(404, new Dictionary<string, string>(), []);
            var theirs = await served.SendAsync(each);
            Assert.Equal((each.Name, each.Status, each.StatusOfHandler ?? each.Status), (each.Name, ours.Status, theirs.Status));
            if (each.StatusOfHandler is not null)
                continue;
            Assert.Equal((each.Name, Encoding.UTF8.GetString(theirs.Body)), (each.Name, Encoding.UTF8.GetString(ours.Body)));
            Assert.Equal((each.Name, theirs.Headers.GetValueOrDefault("Content-Type")), (each.Name, ours.Headers.GetValueOrDefault("Content-Type")));
            if (ours.Body.Length > 0)
                Assert.Equal($"{ours.Body.Length}", ours.Headers["Content-Length"]);
        }

        Assert.DoesNotContain(EdgeCase.Token, running.Process.Output + served.Process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(EdgeCase.OtherToken, running.Process.Output + served.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_answer_every_golden_review_with_the_same_bytes()
    {
        var bySettings = Directory.GetDirectories(Golden).SelectMany(Directory.GetDirectories).GroupBy(folder => SettingsOf(folder).ToJsonString()).ToArray();
        Assert.True(bySettings.Length > 1);
        foreach (var group in bySettings)
        {
            (string, string)[] settings =
            [
                ("Lxcfs__AllowAnonymous", "true"),
                .. JsonNode.Parse(group.Key)!.AsObject().Select(member => ($"Lxcfs__{member.Key}", (string)member.Value!)),
            ];
            await using var running = await RunningWorker.StartAsync(worker.Folder, settings);
            await using var served = await ServedHandler.StartAsync(handler, settings);
            foreach (var folder in group)
            {
                var review = await File.ReadAllBytesAsync(Path.Combine(folder, "review.json"), TestContext.Current.CancellationToken);
                var request = new EdgeCase(folder, 200, $"/hooks/x/{GoldenTests.PathOf(Path.GetFileName(Path.GetDirectoryName(folder))!)}", review);
                var ours = await running.Host.SendAsync("POST", request.Path, review);
                var theirs = await served.SendAsync(request);
                Assert.Equal((folder, 200, Encoding.UTF8.GetString(theirs.Body)), (folder, ours!.Status, Encoding.UTF8.GetString(ours.Body)));
            }
        }
    }

    private static JsonNode SettingsOf(string folder) =>
        Path.Combine(folder, "settings.json") is var file && File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))! : new JsonObject();

    /// <summary>The custom handler, as the host proxies to it.</summary>
    private sealed class ServedHandler(Running process, int port) : IAsyncDisposable
    {
        public Running Process => process;

        public static async Task<ServedHandler> StartAsync(Package package, params (string, string)[] settings)
        {
            var port = Running.FreePort();
            var process = new Running(package.Executable, [.. settings, ("FUNCTIONS_CUSTOMHANDLER_PORT", $"{port}")]);
            await process.AnswersAsync(Client, $"http://127.0.0.1:{port}/");
            return new(process, port);
        }

        public async Task<PlayedAnswer> SendAsync(EdgeCase given)
        {
            // As it is written: Uri and the header's own class would tidy it up.
            var url = new Uri($"http://127.0.0.1:{port}{given.Path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var request = new HttpRequestMessage(new(given.Method), url) { Content = new ByteArrayContent(given.Body) };
            request.Headers.ExpectContinue = given.Asks;
            request.Headers.TransferEncodingChunked = given.InChunks;
            if (given.ContentType is { } type)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
            return new(
                (int)answer.StatusCode, answer.Content.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase),
                await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
