using LxcfsFunctions;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;

// sysexits.h, EX_CONFIG.
const int badSettings = 78;

var settings = new SettingsReader(new ConfigurationBuilder()
    .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
    .AddEnvironmentVariables().Build());
var lxcfs = LxcfsOptions.Read(settings);
var webhooks = WebhookOptions.Read(settings, anonymous: false);
foreach (var error in settings.Errors)
    Console.Error.WriteLine(error);
if (settings.Errors.Count > 0)
    return badSettings;

// OTEL_EXPORTER_OTLP_ENDPOINT and its kin are read by the exporter.
using var metrics = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"))
    ? null
    : Sdk.CreateMeterProviderBuilder().AddMeter(AdmissionMetrics.MeterName).AddOtlpExporter().Build();

// The lines go to stdout alone: what goes to the host too would be kept twice.
await new HostBuilder()
    .ConfigureFunctionsWorkerDefaults()
    .ConfigureServices(services => services
        .AddSingleton(lxcfs).AddSingleton(webhooks).AddSingleton(new PathTokens(webhooks.Tokens))
        .AddLogging(logging => logging.ClearProviders().AddJsonLines()))
    .Build().RunAsync();
return 0;
