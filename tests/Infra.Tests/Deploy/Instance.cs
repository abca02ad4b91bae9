using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using LxcfsFunctions.ApiServer;

namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>One running executable of the functions, with the settings of the container home.</summary>
internal sealed partial class Instance : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;
    private int _running;

    private Instance(string executable, IReadOnlyDictionary<string, string> settings, int port, int metricsPort)
    {
        (Port, MetricsPort) = (port, metricsPort);
        var start = new ProcessStartInfo(executable) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    public int MetricsPort { get; }

    /// <summary>What it has logged.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <param name="executable">lxcfs-functions, published.</param>
    /// <param name="settings">Those besides its ports and its certificate.</param>
    /// <param name="certificate">A PEM file.</param>
    /// <param name="key">A PEM file.</param>
    public static async Task<Instance> StartAsync(
        string executable, IEnumerable<KeyValuePair<string, string>> settings, string certificate, string key)
    {
        var (port, metricsPort) = (LoopbackPort.Take(), LoopbackPort.Take());
        var instance = new Instance(executable, new Dictionary<string, string>(settings)
        {
            ["Lxcfs__CertificateFile"] = certificate,
            ["Lxcfs__CertificateKeyFile"] = key,
            ["Lxcfs__Port"] = $"{port}",
            ["Lxcfs__MetricsPort"] = $"{metricsPort}",
        }, port, metricsPort);
        for (var tries = 0; tries < 400 && !instance._process.HasExited; tries++)
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return instance;
            }
            catch (SocketException)
            {
                await Task.Delay(25);
            }
        }

        await instance.DisposeAsync();
        throw new InvalidOperationException("the functions do not start");
    }

    /// <summary>A request has come that it is to answer.</summary>
    public void Begin() => Interlocked.Increment(ref _running);

    /// <summary>It has answered.</summary>
    public void End() => Interlocked.Decrement(ref _running);

    /// <summary>Lets it answer what it has begun, and write its last lines.</summary>
    public async Task TerminateAsync()
    {
        for (var waited = Stopwatch.StartNew(); Volatile.Read(ref _running) > 0; await Task.Delay(5))
        {
            if (waited.Elapsed > Longest)
                throw new TimeoutException($"{_running} requests have no answer after {Longest.TotalSeconds} s");
        }

        _ = Kill(_process.Id, SigTerm);
        await EndsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await EndsAsync();
        _process.Dispose();
    }

    private async Task EndsAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Longest);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} ({_process.Id}) has not ended after {Longest.TotalSeconds} s");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
