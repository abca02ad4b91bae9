using System.Diagnostics;
using System.Globalization;
using LxcfsFunctions.Tests.Published;

namespace LxcfsFunctions.Bench;

/// <summary>What the isolated worker costs, under the tests' stand-in of the Functions host's gRPC side: the worker's process alone.</summary>
internal static class Worker
{
    private const int Starts = 5;
    public const int AtOnce = 32;
    private const int Invocations = 4000;

    /// <summary>Until then the runtime compiles anew what runs often, which took 350 µs of each invocation at first.</summary>
    private const int Unmeasured = 6;

    private const double TicksPerSecond = 100; // USER_HZ, fixed in Linux' user interface

    /// <summary>Medians: CPU of an invocation, CPU and time to the first answer in milliseconds, and its memory under load.</summary>
    public static async Task<(double Microseconds, double FirstCpu, double First, double ResidentMiB)> MeasureAsync(string folder, byte[] body)
    {
        var runs = new List<(double FirstCpu, double First, double Each, double Resident)>();
        for (var i = 0; i < Starts; i++)
            runs.Add(await RunAsync(folder, body));
        return (Median(runs.Select(run => run.Each * 1e6)), Median(runs.Select(run => run.FirstCpu * 1e3)), Median(runs.Select(run => run.First)), Median(runs.Select(run => run.Resident)));
    }

    private static async Task<(double FirstCpu, double First, double Each, double Resident)> RunAsync(string folder, byte[] body)
    {
        await using var host = await PlayedFunctionsHost.StartAsync(folder);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "lxcfs-functions-worker.dll"), .. host.ArgumentsFor("bench")]) { RedirectStandardOutput = true };
        foreach (var (key, value) in new[] { ("Lxcfs__AllowAnonymous", "true"), ("FUNCTIONS_APPLICATION_DIRECTORY", folder), ("FUNCTIONS_WORKER_DIRECTORY", folder) })
            start.Environment[key] = value;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        try
        {
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            await host.InitialiseAsync(folder);
            await AskAsync(host, body);
            var (first, firstCpu) = (watch.Elapsed.TotalMilliseconds, CpuOf(process));
            for (var i = 0; i < Unmeasured; i++)
                await AskManyAsync(host, body);
            var before = CpuOf(process);
            await AskManyAsync(host, body);
            process.Refresh();
            return (firstCpu, first, (CpuOf(process) - before) / Invocations, process.WorkingSet64 / 1048576.0);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static Task AskManyAsync(PlayedFunctionsHost host, byte[] body) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
    {
        for (var i = 0; i < Invocations / AtOnce; i++)
            await AskAsync(host, body);
    }));

    private static async Task AskAsync(PlayedFunctionsHost host, byte[] body)
    {
        if (await host.SendAsync("POST", "/hooks/local/mutate?timeout=3s", body) is not { Status: 200 })
            throw new InvalidOperationException("the worker does not answer 200");
    }

    private static double CpuOf(Process process)
    {
        var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[1].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
