namespace LxcfsFunctions.Hosting;

/// <summary>
/// A stop that loses no review. An API server keeps its connections and does not send a POST again: one that is closed just
/// as a review goes out fails that call. So, when it is told to stop, the program goes on answering for a while, takes new
/// connections from nodes that still send here, and has each connection end with an answer.
/// </summary>
internal static class Draining
{
    /// <summary>Seconds; enough for nodes to learn that a pod has left its Service.</summary>
    public const int InCluster = 10;

    /// <summary>Seconds; what the Deployment of the mode <c>service</c> gives a pod to end leaves room for it.</summary>
    public const int Most = 60;

    /// <summary>How long requests in flight may take once the port is closed; the default of .NET for the whole stop.</summary>
    public static readonly TimeSpan InFlight = TimeSpan.FromSeconds(30);

    /// <summary>The time of a stop counts from its signal, so what is waited first comes on top.</summary>
    public static void AddDraining(this WebApplicationBuilder builder, HostingOptions options) =>
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds) + InFlight);

    public static void UseDraining(this WebApplication app, HostingOptions options)
    {
        if (options.DrainSeconds == 0)
            return;
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (stopping.IsCancellationRequested)
                context.Response.Headers.Connection = "close";
            return next(context);
        });
        // The server begins to stop when this returns.
        stopping.Register(() => Thread.Sleep(TimeSpan.FromSeconds(options.DrainSeconds)));
    }
}
