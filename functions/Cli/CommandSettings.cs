using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Cli;

/// <summary>The webhook's own settings, from the same places.</summary>
internal static class CommandSettings
{
    /// <summary>Null where one of them is an error, which has then been printed.</summary>
    public static LxcfsOptions? Read()
    {
        var settings = new SettingsReader(new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
            .AddEnvironmentVariables().Build());
        var options = LxcfsOptions.Read(settings);
        var errors = settings.BadValues.ToArray();
        // Where it would listen and whom it would answer is known here too, but not judged: nobody calls.
        HostingOptions.Read(settings, functionsPort: null);
        return SettingsReader.Report([.. errors, .. settings.UnknownKeys]) ? null : options;
    }
}
