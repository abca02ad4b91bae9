using LxcfsAgent.Node;

namespace LxcfsAgent.Hosting;

/// <summary>What the kubelet and Prometheus ask: <c>/readyz</c>, <c>/livez</c> and <c>/metrics</c>, in plain HTTP.</summary>
internal static class Endpoints
{
    public static async Task<WebApplication> StartAsync(AgentOptions options, AgentState state, AgentMetrics metrics)
    {
        // The default builder would watch every folder below the working directory for changed settings.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 100;
            kestrel.Limits.MaxRequestBodySize = 0;
            var (address, port) = AgentOptions.SplitAddress(options.Listen)!.Value;
            if (address == "*")
                kestrel.ListenAnyIP(port);
            else
                kestrel.Listen(System.Net.IPAddress.Parse(address), port);
        });
        var app = builder.Build();
        app.Run(context => Answer(context, state, metrics));
        await app.StartAsync();
        return app;
    }

    private static Task Answer(HttpContext context, AgentState state, AgentMetrics metrics)
    {
        var (status, text) = context.Request.Path.Value switch
        {
            "/readyz" => state.NotReady is { } reason ? (StatusCodes.Status503ServiceUnavailable, reason + "\n") : (StatusCodes.Status200OK, "ready\n"),
            "/livez" => state.IsAlive ? (StatusCodes.Status200OK, "alive\n") : (StatusCodes.Status503ServiceUnavailable, "the supervisor is stuck\n"),
            "/metrics" => (StatusCodes.Status200OK, metrics.ToString()),
            _ => (StatusCodes.Status404NotFound, "there are /readyz, /livez and /metrics\n"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(text);
    }
}
