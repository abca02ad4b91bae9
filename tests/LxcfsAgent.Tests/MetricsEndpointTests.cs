using System.Net;
using System.Net.Sockets;
using LxcfsAgent.Health;
using LxcfsAgent.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace LxcfsAgent.Tests;

public sealed class MetricsEndpointTests
{
    private readonly AgentMetrics _metrics = new();
    private readonly AgentOptions _options = AgentOptions.Read(Settings.Of(("LISTEN", $"127.0.0.1:{FreePort()}")));

    [Fact]
    public async Task Metrics_are_answered_where_the_settings_say_and_nothing_else_is()
    {
        await using var endpoint = await MetricsEndpoint.StartAsync(_options, _metrics);
        using var client = Client();

        _metrics.Restarts.Add(2);
        var (status, text) = await AskAsync(client, "/metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("# TYPE lxcfs_agent_lxcfs_restarts_total counter\nlxcfs_agent_lxcfs_restarts_total 2\n", text, StringComparison.Ordinal);
        foreach (var path in (string[])["/", "/readyz", "/livez", "/metrics/", "/metrics/x"])
            Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(client, path)).Status);
    }

    /// <summary>A 0 would be taken for a runtime that has forgotten the agent.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whether_the_runtime_asks_the_agent_is_told_only_where_it_is_to(bool isNriAsked)
    {
        var metrics = new AgentMetrics(isNriAsked);
        metrics.Registered.Set(0);

        Assert.Equal(isNriAsked, metrics.ToString().Contains("lxcfs_agent_nri_registered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_is_taken_names_the_setting()
    {
        await using var endpoint = await MetricsEndpoint.StartAsync(_options, _metrics);

        var failure = await Assert.ThrowsAsync<IOException>(() => MetricsEndpoint.StartAsync(_options, _metrics));
        Assert.StartsWith($"LXCFS_AGENT_LISTEN: {_options.Listen} can't be listened on: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idle_connections_keep_metrics_away_for_seconds_and_probes_not_at_all()
    {
        await using var endpoint = await MetricsEndpoint.StartAsync(_options, _metrics);
        var state = new AgentState(TimeProvider.System);
        var folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
        using var health = HealthSocket.Start(folder + "/health.sock", state, NullLogger.Instance);
        var (address, port) = AgentOptions.SplitAddress(_options.Listen)!.Value;
        var idle = new List<TcpClient>();
        for (var count = 0; count < 200; count++)
        {
            var connection = new TcpClient();
            await connection.ConnectAsync(address, port, TestContext.Current.CancellationToken);
            idle.Add(connection);
        }

        Assert.Equal(0, await HealthCommand.RunAsync("live", folder + "/health.sock", TextWriter.Null));
        // None of them is let go by this side. The first 8 are closed by the agent once they have been silent for long enough.
        using var client = Client();
        var status = default(HttpStatusCode?);
        while (status is null)
        {
            try
            {
                status = (await AskAsync(client, "/metrics")).Status;
            }
            catch (HttpRequestException)
            {
                // Closed as it came. Not asked again at once: each try is a connection more.
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal(HttpStatusCode.OK, status);
        idle.ForEach(connection => connection.Dispose());
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private HttpClient Client() => new() { BaseAddress = new($"http://{_options.Listen}") };
}
