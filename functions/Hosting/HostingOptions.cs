namespace LxcfsFunctions.Hosting;

/// <summary>Who starts the program, and so who reaches it and how it speaks.</summary>
internal enum HostingMode
{
    /// <summary>A developer: https on loopback with a certificate of its own.</summary>
    Laptop,

    /// <summary>The Azure Functions host, which proxies from its own https to plain http on loopback.</summary>
    Functions,

    /// <summary>A cluster: https on all addresses with a certificate from files.</summary>
    Container,
}

/// <summary>How to listen and whom to answer.</summary>
internal sealed record HostingOptions
{
    /// <summary>The variable by which the Functions host tells a custom handler its port.</summary>
    public const string FunctionsPort = "FUNCTIONS_CUSTOMHANDLER_PORT";

    public HostingMode Mode { get; init; }
    public int Port { get; init; }
    public int MetricsPort { get; init; }
    public WebhookOptions Webhooks { get; init; } = new();
    public string CertificateFile { get; init; } = "";
    public string CertificateKeyFile { get; init; } = "";
    public int MaxConnections { get; init; }
    public int DrainSeconds { get; init; }

    /// <summary>Whether there is a page for people; the webhooks need none.</summary>
    public bool Page { get; init; }

    public static HostingOptions Read(SettingsReader settings, string? functionsPort)
    {
        var certificate = settings.Read("CertificateFile", "", "the path of a PEM file", File);
        var options = new HostingOptions
        {
            Mode = functionsPort is not null ? HostingMode.Functions : certificate.Length > 0 ? HostingMode.Container : HostingMode.Laptop,
            CertificateFile = certificate,
            CertificateKeyFile = settings.Read("CertificateKeyFile", "", "the path of a PEM file", File),
            Port = settings.ReadNumber("Port", 8443, 1, ushort.MaxValue),
            MetricsPort = settings.ReadNumber("MetricsPort", 8080, 1, ushort.MaxValue),
            // An API server keeps few connections; this bounds what anybody else can make us hold.
            MaxConnections = settings.ReadNumber("MaxConnections", 1024, 1, 65536),
        };
        options = options with
        {
            DrainSeconds = settings.ReadNumber("DrainSeconds", options.Mode == HostingMode.Container ? Draining.InCluster : 0, 0, Draining.Most),
            Page = settings.ReadBool("Page", options.Mode == HostingMode.Laptop),
            Webhooks = WebhookOptions.Read(settings, anonymous: options.Mode == HostingMode.Laptop),
        };
        if ((certificate.Length > 0) != (options.CertificateKeyFile.Length > 0))
            settings.AddError(certificate.Length > 0 ? "CertificateKeyFile" : "CertificateFile", "a certificate and its key are set together or not at all");
        if (functionsPort is null)
            return options;
        if (int.TryParse(functionsPort, out var port) && port is > 0 and <= ushort.MaxValue)
            return options with { Port = port };
        settings.AddError("Port", $"{FunctionsPort} is '{functionsPort}', which is no port");
        return options;
    }

    private static string? File(string path) => System.IO.File.Exists(path) ? path : null;
}
