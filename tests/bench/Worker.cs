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
    private const string Token = "0123456789abcdef0123456789abcdef";

    /// <summary>Medians of the runs' figures.</summary>
    public static async Task<WorkerFigures> MeasureAsync(string folder, byte[] body)
    {
        var runs = new List<WorkerFigures>();
        for (var i = 0; i < Starts; i++)
            runs.Add(await RunAsync(folder, body));
        return new(Median(run => run.Review), Median(run => run.Refusal), Median(run => run.FirstCpu), Median(run => run.First), Median(run => run.Resident));

        double Median(Func<WorkerFigures, double> figure) => runs.Select(figure).Order().ElementAt(Starts / 2);
    }

    private static async Task<WorkerFigures> RunAsync(string folder, byte[] body)
    {
        await using var host = await PlayedFunctionsHost.StartAsync(folder);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "lxcfs-functions-worker.dll"), .. host.ArgumentsFor("bench")]) { RedirectStandardOutput = true };
        foreach (var (key, value) in new[] { ("Lxcfs__Tokens", Token), ("FUNCTIONS_APPLICATION_DIRECTORY", folder), ("FUNCTIONS_WORKER_DIRECTORY", folder) })
            start.Environment[key] = value;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        try
        {
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            await host.InitialiseAsync(folder);
            await AskAsync(host, body, Token, 200);
            var (first, firstCpu) = (watch.Elapsed.TotalMilliseconds, CpuOf(process));
            var review = await MeasureAsync(Token, 200);
            process.Refresh();
            var resident = process.WorkingSet64 / 1048576.0;
            return new(review, await MeasureAsync("nobody's", 404), firstCpu * 1e3, first, resident);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        async Task<double> MeasureAsync(string token, int status)
        {
            for (var i = 0; i < Unmeasured; i++)
                await AskManyAsync(host, body, token, status);
            var before = CpuOf(process);
            await AskManyAsync(host, body, token, status);
            return (CpuOf(process) - before) * 1e6 / Invocations;
        }
    }

    private static Task AskManyAsync(PlayedFunctionsHost host, byte[] body, string token, int status) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
    {
        for (var i = 0; i < Invocations / AtOnce; i++)
            await AskAsync(host, body, token, status);
    }));

    private static async Task AskAsync(PlayedFunctionsHost host, byte[] body, string token, int status)
    {
        if ((await host.SendAsync("POST", $"/hooks/{token}/mutate?timeout=3s", body))?.Status is var answered && answered != status)
            throw new InvalidOperationException($"the worker answers {answered} and not {status}");
    }

    private static double CpuOf(Process process)
    {
        var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[1].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}

/// <summary>What a worker's process costs.</summary>
/// <param name="Review">Microseconds of CPU for an invocation that reviews a pod.</param>
/// <param name="Refusal">The same for one that nothing of the body is looked at for, since its token is unknown: what is the framework's.</param>
/// <param name="FirstCpu">Milliseconds of CPU to the first answer.</param>
/// <param name="First">Milliseconds to the first answer.</param>
/// <param name="Resident">MiB under load.</param>
internal sealed record WorkerFigures(double Review, double Refusal, double FirstCpu, double First, double Resident);
