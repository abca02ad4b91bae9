using System.Net;
using System.Text;

namespace LxcfsFunctions.Tests.Published;

/// <summary>A collector that takes what the program sends to the endpoint it was told.</summary>
public sealed class OtlpTests(Package package) : IClassFixture<Package>
{
    [Fact]
    public async Task Metrics_reach_the_collector_that_the_environment_names()
    {
        var (port, collectorPort) = (Running.FreePort(), Running.FreePort());
        using var collector = new HttpListener { Prefixes = { $"http://127.0.0.1:{collectorPort}/" } };
        collector.Start();
        await using var program = new Running(package.Executable,
        [
            ("FUNCTIONS_CUSTOMHANDLER_PORT", $"{port}"), ("Lxcfs__AllowAnonymous", "true"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{collectorPort}"),
        ]);
        using var client = new HttpClient();
        await program.AnswersAsync(client, $"http://127.0.0.1:{port}/");
        using var answer = await client.SendAsync(
            Requests.Post($"http://127.0.0.1:{port}/hooks/x/mutate", Requests.Sample), TestContext.Current.CancellationToken);

        Assert.DoesNotContain(
            "research", await ReceiveAsync(collector, "lxcfs.admission.responses", "lxcfs.admission.duration"), StringComparison.Ordinal);
    }

    /// <summary>What has come when all of the names have.</summary>
    internal static async Task<string> ReceiveAsync(HttpListener collector, params string[] names)
    {
        var received = "";
        for (var i = 0; i < 20 && !names.All(name => received.Contains(name, StringComparison.Ordinal)); i++)
        {
            var context = await collector.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.Equal("/v1/metrics", context.Request.Url!.AbsolutePath);
            using var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1);
            received = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            context.Response.Close();
        }

        Assert.All(names, name => Assert.Contains(name, received, StringComparison.Ordinal));
        return received;
    }
}
