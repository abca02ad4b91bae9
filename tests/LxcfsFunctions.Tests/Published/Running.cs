using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LxcfsFunctions.Tests.Published;

/// <summary>A started executable, with no setting but those given, and what it has printed.</summary>
internal sealed partial class Running : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string> _lines = new();

    public Running(string executable, IEnumerable<(string Key, string Value)> environment, string? workingDirectory = null, IEnumerable<string>? arguments = null)
    {
        var start = new ProcessStartInfo(executable, arguments ?? [])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var key in start.Environment.Keys.Where(IsSetting).ToArray())
            start.Environment.Remove(key);
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        Process = Process.Start(start)!;
        Process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        Process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    public Process Process { get; }

    /// <summary>The most memory that it has had at once.</summary>
    public long PeakBytes => long.Parse(
        File.ReadLines($"/proc/{Process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture) << 10;

    public string Output => string.Join('\n', _lines);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks every 25 ms, as the Functions host does, until anything answers.</summary>
    /// <param name="patience">For a program that has to be built first, say.</param>
    public async Task AnswersAsync(HttpClient client, string url, TimeSpan? patience = null)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < (patience ?? Patience);)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(url), TestContext.Current.CancellationToken);
                return;
            }
            catch (HttpRequestException) when (!Process.HasExited)
            {
                await Task.Delay(25, TestContext.Current.CancellationToken);
            }
        }

        Assert.Fail($"{url} does not answer; the program printed:\n{Output}");
    }

    public async Task PrintsAsync(string text)
    {
        for (var waited = Stopwatch.StartNew(); !Output.Contains(text, StringComparison.Ordinal);)
        {
            Assert.True(waited.Elapsed < Patience, $"it does not print {text}, but:\n{Output}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public async Task<int> TerminateAsync()
    {
        Assert.Equal(0, Kill(Process.Id, SigTerm));
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await Process.WaitForExitAsync(limit.Token);
        return Process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
            Process.Kill();
        try
        {
            // Until its output ends, too, which a process that it has started may hold open.
            await Process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Process.StartInfo.FileName} or its output has not ended after {Patience.TotalSeconds} s");
        }

        Process.Dispose();
    }

    /// <summary>Whoever runs the tests may have some of them set.</summary>
    private static bool IsSetting(string variable) =>
        variable.StartsWith("Lxcfs", StringComparison.Ordinal) || variable.StartsWith("OTEL", StringComparison.Ordinal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
