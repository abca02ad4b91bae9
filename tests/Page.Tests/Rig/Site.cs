using LxcfsFunctions.Tests.Published;

namespace LxcfsFunctions.Page.Tests.Rig;

/// <summary>The published executable as a developer starts it, with nothing set but where it keeps its certificate.</summary>
public sealed class Site : IAsyncLifetime
{
    private readonly Package _package = new();
    private readonly string _home = Directory.CreateTempSubdirectory("lxcfs-page-").FullName;
    private readonly int _port = Running.FreePort();

    public string Origin => $"https://127.0.0.1:{_port}";

    internal Running Program { get; private set; } = null!;

    public ValueTask InitializeAsync() => StartAsync();

    public async ValueTask StartAsync()
    {
        Program = new(_package.Executable, [("HOME", _home), ("XDG_DATA_HOME", _home), ("Lxcfs__Port", $"{_port}")]);
        using var client = Requests.Trusting();
        await Program.AnswersAsync(client, $"{Origin}/healthz");
    }

    public async ValueTask DisposeAsync()
    {
        if (Program is not null)
            await Program.DisposeAsync();
        _package.Dispose();
        Directory.Delete(_home, recursive: true);
    }
}
