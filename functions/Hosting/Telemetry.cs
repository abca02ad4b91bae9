using OpenTelemetry.Metrics;

namespace LxcfsFunctions.Hosting;

/// <summary>
/// Where the metrics go: to a collector where OTEL_EXPORTER_OTLP_ENDPOINT names one, and to Prometheus in a cluster. Elsewhere
/// nothing of it is loaded, since an API server waits while a function starts.
/// </summary>
internal static class Telemetry
{
    private const string MetricsPath = "/metrics";
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this WebApplicationBuilder builder, HostingOptions options)
    {
        var otlp = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(OtlpEndpoint));
        if (!otlp && options.Mode != HostingMode.Container)
            return;
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(AdmissionMetrics.MeterName);
            if (otlp)
                metrics.AddOtlpExporter();
            if (options.Mode == HostingMode.Container)
                metrics.AddPrometheusExporter();
        });
    }

    /// <summary>
    /// Metrics and health go over plain http on a port of their own, where nothing else does: a NetworkPolicy can then tell
    /// Prometheus and the kubelet from the API server.
    /// </summary>
    public static void MapMetricsPort(this WebApplication app, HostingOptions options)
    {
        if (options.Mode != HostingMode.Container)
            return;
        app.MapWhen(context => context.Connection.LocalPort == options.MetricsPort, port =>
        {
            port.UseOpenTelemetryPrometheusScrapingEndpoint(MetricsPath);
            port.Run(context => context.Request.Path == Startup.HealthPath ? Startup.SayHealthy(context) : Startup.NotFound(context));
        });
    }
}
