using System.Net;
using System.Net.Sockets;
using LxcfsAgent.Hosting;
using LxcfsAgent.Node;

namespace LxcfsAgent.Tests;

public sealed class EndpointTests
{
    private readonly StoppedClock _clock = new();
    private readonly AgentMetrics _metrics = new();

    [Fact]
    public async Task Probes_and_metrics_are_answered_where_the_settings_say()
    {
        var state = new AgentState(_clock);
        var options = AgentOptions.Read(name => name == "LXCFS_AGENT_LISTEN" ? $"127.0.0.1:{FreePort()}" : null, []);
        await using var endpoints = await Endpoints.StartAsync(options, state, _metrics);
        using var client = new HttpClient { BaseAddress = new($"http://{options.Listen}") };

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "LXCFS is starting\n"), await AskAsync(client, "/readyz"));
        state.Ready();
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await AskAsync(client, "/readyz"));
        state.Unready("it is broken");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "it is broken\n"), await AskAsync(client, "/readyz"));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, "/livez")).Status);
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the supervisor is stuck\n"), await AskAsync(client, "/livez"));
        state.Beat();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, "/livez")).Status);

        _metrics.Restarts.Add(2);
        var (status, text) = await AskAsync(client, "/metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("# TYPE lxcfs_agent_lxcfs_restarts_total counter\nlxcfs_agent_lxcfs_restarts_total 2\n", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(client, "/")).Status);
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

    /// <summary>Goes on only when told to.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan by) => _now += by.Ticks;
    }
}
