using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LxcfsFunctions.Bench;

/// <summary>One run of wrk.</summary>
internal sealed partial record Wrk(long Requests, double P50Milliseconds, double P99Milliseconds)
{
    public static Wrk Run(string url, string bodyFile, int connections, int seconds)
    {
        var script = Path.ChangeExtension(bodyFile, ".lua");
        File.WriteAllText(script, $"""
            local file = io.open("{bodyFile}", "rb")
            wrk.method, wrk.body = "POST", file:read("*a")
            wrk.headers["Content-Type"] = "application/json"
            """);
        using var wrk = Process.Start(new ProcessStartInfo(
            "wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", "-s", script, url])
        { RedirectStandardOutput = true })!;
        var output = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        if (wrk.ExitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
            throw new InvalidOperationException($"wrk saw faults:\n{output}");
        return new(long.Parse(RequestCount().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), Percentile(output, 50), Percentile(output, 99));
    }

    private static double Percentile(string output, int percent)
    {
        var match = Regex.Match(output, $@"^\s+{percent}%\s+([\d.]+)(us|ms|s)", RegexOptions.Multiline);
        var value = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch { "us" => value / 1000, "ms" => value, _ => value * 1000 };
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex RequestCount();
}
