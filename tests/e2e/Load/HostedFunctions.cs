using LxcfsFunctions.ApiServer;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Load;

/// <summary>The published executable as the Functions host starts it, which then passes reviews on over plain HTTP.</summary>
internal sealed class HostedFunctions : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-load-").FullName;
    private readonly string _token = Functions.NewToken();
    private readonly Child _child;

    private HostedFunctions() => _child = new(
        // A million lines through a pipe would keep the test busier than what it tests; exec keeps the id.
        "/bin/sh", ["-c", "exec \"$0\" >functions.log", Functions.Executable], _folder,
        new Dictionary<string, string> { ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{Port}", ["Lxcfs__Tokens"] = _token });

    public int Port { get; } = LoopbackPort.Take();

    public int Pid => _child.Id;

    /// <summary>Of the function that patches.</summary>
    public string Mutate => $"/hooks/{_token}/mutate?timeout=3s";

    public static async Task<HostedFunctions> StartAsync()
    {
        var functions = new HostedFunctions();
        using var client = new HttpClient();
        await Eventually.TrueAsync(() => functions.AnswersAsync(client), () => $"the functions do not start:\n{functions._child.Log()}");
        return functions;
    }

    public async ValueTask DisposeAsync()
    {
        await _child.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{Port}/healthz"), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
