using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LxcfsFunctions.Bench;

/// <summary>A started program: when it first answered, and what the kernel says that it used.</summary>
internal sealed class Server : IDisposable
{
    private static readonly double TicksPerSecond = 100; // USER_HZ, fixed in Linux' user interface

    private readonly Process _process;

    public Server(string executable, string[] arguments, Dictionary<string, string> environment, int port, string url)
    {
        Port = port;
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        var watch = Stopwatch.StartNew();
        _process = Process.Start(start)!;
        // Its lines go through a pipe that somebody reads, as they do in a cluster.
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        WaitForAnswer(url);
        FirstAnswer = watch.Elapsed;
    }

    public int Port { get; }

    public TimeSpan FirstAnswer { get; }

    public double CpuSeconds
    {
        get
        {
            var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[1].Split(' ');
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    public double ResidentMiB => File.ReadLines($"/proc/{_process.Id}/status").Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024).Single();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WaitForAnswer(string url)
    {
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        while (true)
        {
            try
            {
                using var answer = client.Send(new(HttpMethod.Get, url));
                return;
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                Thread.Sleep(1);
            }
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
