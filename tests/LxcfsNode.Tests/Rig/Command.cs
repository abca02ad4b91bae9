using System.Diagnostics;

namespace LxcfsNode.Tests.Rig;

internal sealed record CommandResult(int ExitCode, string Output, string Error);

internal static class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>What it printed; throws when it fails.</summary>
    public static async Task<string> RunAsync(string file, params string[] arguments)
    {
        var result = await TryAsync(file, arguments);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException(
            $"{file} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Error}{result.Output}");
    }

    public static async Task<CommandResult> TryAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', arguments)} takes longer than {Limit}");
        }
    }
}
