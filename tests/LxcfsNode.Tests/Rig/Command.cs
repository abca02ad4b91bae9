using System.Diagnostics;

namespace LxcfsNode.Tests.Rig;

internal sealed record CommandResult(int ExitCode, string Output, string Error);

internal static class Command
{
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
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            // What it has started may hold its output open for longer than it lives.
            await Task.WhenAll(process.WaitForExitAsync(), output, error)
                .WithinAsync(() => $"{file} {string.Join(' ', arguments)} (ended: {process.HasExited})");
            return new(process.ExitCode, await output, await error);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
