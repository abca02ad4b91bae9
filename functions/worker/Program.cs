using LxcfsFunctions;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;

var settings = new SettingsReader(new ConfigurationBuilder()
    .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
    .AddEnvironmentVariables().Build());
var lxcfs = LxcfsOptions.Read(settings);
var webhooks = WebhookOptions.Read(settings, anonymous: false);
if (SettingsReader.Report(settings.Errors))
    return SettingsReader.BadSettings;

// OTEL_EXPORTER_OTLP_ENDPOINT and its kin are read by the exporter.
using var metrics = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"))
    ? null
    : Sdk.CreateMeterProviderBuilder().AddMeter(AdmissionMetrics.MeterName).AddOtlpExporter().Build();

// The lines go to stdout alone: what goes to the host too would be kept twice.
await new HostBuilder()
    .ConfigureFunctionsWorkerDefaults()
    .ConfigureServices(services => services
        .AddSingleton(lxcfs).AddSingleton(webhooks).AddSingleton<WorkerEndpoints>()
        .AddLogging(logging => logging.ClearProviders().AddJsonLines()))
    .Build().RunAsync();
return 0;
