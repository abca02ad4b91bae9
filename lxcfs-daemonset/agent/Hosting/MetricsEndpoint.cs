using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LxcfsAgent.Hosting;

/// <summary>
/// What Prometheus asks: <c>/metrics</c> in plain HTTP, and nothing else. Whoever reaches the pod reaches it, so it holds few
/// connections and waits for nobody: those that say nothing keep others out for seconds at most. Probes don't come here.
/// </summary>
internal static class MetricsEndpoint
{
    /// <summary>More are closed as they come.</summary>
    public const int MostConnections = 8;

    /// <summary>How long a connection may say nothing.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(5);

    /// <summary>How long a request may take to arrive, once begun.</summary>
    private static readonly TimeSpan Headers = TimeSpan.FromSeconds(2);

    /// <exception cref="IOException">The address is taken, or none of this machine's.</exception>
    public static async Task<WebApplication> StartAsync(AgentOptions options, AgentMetrics metrics)
    {
        // The default builder would watch every folder below the working directory for changed settings.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.KeepAliveTimeout = KeepAlive;
            kestrel.Limits.RequestHeadersTimeout = Headers;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
            var (address, port) = AgentOptions.SplitAddress(options.Listen)!.Value;
            if (address == "*")
                kestrel.ListenAnyIP(port);
            else
                kestrel.Listen(System.Net.IPAddress.Parse(address), port);
        });
        var app = builder.Build();
        app.Run(context => Answer(context, metrics));
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new IOException($"LXCFS_AGENT_LISTEN: {options.Listen} can't be listened on: {exception.Message}; set an address of this pod and a free port, such as *:8081", exception);
        }

        return app;
    }

    private static Task Answer(HttpContext context, AgentMetrics metrics)
    {
        var found = context.Request.Path == "/metrics";
        context.Response.StatusCode = found ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(found ? metrics.ToString() : "there is /metrics\n");
    }
}
