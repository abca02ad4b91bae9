using System.Text.Json.Nodes;

namespace LxcfsFunctions.Tests.Published;

/// <summary>The worker under a played host, which starts it again where it has died.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    private readonly string _folder;
    private readonly (string, string)[] _settings;

    private RunningWorker(string folder, (string, string)[] settings, PlayedFunctionsHost host) => (_folder, _settings, Host) = (folder, settings, host);

    public PlayedFunctionsHost Host { get; }

    public Running Process { get; private set; } = null!;

    public static async Task<RunningWorker> StartAsync(string folder, params (string, string)[] settings)
    {
        var worker = new RunningWorker(folder, settings, await PlayedFunctionsHost.StartAsync(folder));
        await worker.StartProcessAsync();
        return worker;
    }

    /// <summary>What the host does when the process has ended.</summary>
    public async Task StartAgainAsync()
    {
        await Process.ExitAsync();
        Host.Forget();
        await StartProcessAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Host.DisposeAsync();
    }

    /// <summary>As worker.config.json says: the executable and the assembly; the host adds two variables of its own.</summary>
    public static Running StartProcess(string folder, IEnumerable<string> arguments, params (string, string)[] settings)
    {
        var description = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "worker.config.json")))!["description"]!;
        (string, string)[] environment = [.. settings, ("FUNCTIONS_APPLICATION_DIRECTORY", folder), ("FUNCTIONS_WORKER_DIRECTORY", folder)];
        return new((string)description["defaultExecutablePath"]!, environment, folder, [Path.Combine(folder, (string)description["defaultWorkerPath"]!), .. arguments]);
    }

    private async Task StartProcessAsync()
    {
        Process = StartProcess(_folder, Host.ArgumentsFor(Guid.NewGuid().ToString()), _settings);
        await Host.InitialiseAsync(_folder);
    }
}
