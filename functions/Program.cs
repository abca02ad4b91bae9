using LxcfsFunctions;
using LxcfsFunctions.Cli;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Page;

if (args.Length > 0)
    return CommandLine.Run(args);

var builder = Startup.CreateBuilder(args);
var settings = new SettingsReader(builder.Configuration);
var lxcfs = LxcfsOptions.Read(settings);
var hosting = HostingOptions.Read(settings, Environment.GetEnvironmentVariable(HostingOptions.FunctionsPort));
if (SettingsReader.Report(settings.Errors))
    return SettingsReader.BadSettings;

hosting = Startup.WithCertificate(hosting);
builder.AddListening(hosting);
builder.AddTelemetry(hosting);
builder.AddDraining(hosting);

var app = builder.Build();
app.UseDraining(hosting);
app.MapMetricsPort(hosting);
var tokens = new PathTokens(hosting.Webhooks.Tokens);
app.MapAdmission(Webhook.All(lxcfs, app.Logger), tokens, hosting);
app.MapPage(hosting, lxcfs, tokens);
app.MapHealth(hosting);
app.Lifetime.ApplicationStarted.Register(() => Startup.Announce(app, hosting));
await app.RunAsync();
return Startup.ExitCode(hosting);
