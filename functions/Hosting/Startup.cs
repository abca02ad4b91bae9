using LxcfsFunctions.Page;

namespace LxcfsFunctions.Hosting;

/// <summary>What happens once, before and after the program serves.</summary>
internal static class Startup
{
    public const string HealthPath = "/healthz";

    /// <summary>128 and SIGTERM, as a shell counts.</summary>
    private const int Terminated = 143;

    /// <summary>
    /// The default builder watches every directory below the working directory for changed settings, which takes seconds
    /// in a large one. Settings are read once, from beside the program and from the environment.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddJsonFile("appsettings.json", optional: true, reloadOnChange: false).AddEnvironmentVariables();
        builder.Services.AddRoutingCore();
        builder.Logging.AddJsonLines();
        return builder;
    }

    public static HostingOptions WithCertificate(HostingOptions options)
    {
        if (options.Mode != HostingMode.Laptop)
            return options;
        var (certificate, key) = LaptopCertificate.Ensure();
        return options with { CertificateFile = certificate, CertificateKeyFile = key };
    }

    public static void MapHealth(this WebApplication app, HostingOptions options)
    {
        app.MapGet("/", context =>
        {
            // The Functions host asks every 25 ms until anything answers.
            if (!PageEndpoints.IsWanted(context.Request, options))
                return context.Response.WriteAsync("lxcfs-functions\n");
            PageEndpoints.GoTo(context.Response);
            return Task.CompletedTask;
        });
        app.MapGet(HealthPath, SayHealthy);
    }

    public static Task SayHealthy(HttpContext context) => context.Response.WriteAsync("ok\n");

    public static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    public static void Announce(WebApplication app, HostingOptions options)
    {
        foreach (var address in app.Urls)
            ServerLog.Listening(app.Logger, address, options.Mode);
        if (options.Mode != HostingMode.Laptop)
            return;
        var url = $"https://127.0.0.1:{options.Port}/hooks/{(options.Webhooks.Tokens is [var token, ..] ? token : "local")}";
        var sample = Path.Combine(AppContext.BaseDirectory, "samples", "review.json");
        Console.WriteLine($"\n  mutate    {url}/{Webhook.MutatePath}\n            {url}/{Webhook.MutateNodePath} (namespaces that forbid hostPath)\n  validate  {url}/{Webhook.ValidatePath}");
        if (options.Page)
            Console.WriteLine($"  page      {url}/page/");
        if (File.Exists(sample))
            Console.WriteLine($"\nTry it:\n  curl --cacert {options.CertificateFile} -H 'Content-Type: application/json' -d @{sample} {url}/mutate\n");
    }

    /// <summary>The Functions host never restarts a handler that left with 0, whoever stopped it.</summary>
    public static int ExitCode(HostingOptions options) => options.Mode == HostingMode.Functions ? Terminated : 0;
}
