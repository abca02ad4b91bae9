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
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            // What it has started may hold its output open for longer than it lives.
            await Task.WhenAll(process.WaitForExitAsync(), output, error)
                .WithinAsync(() => $"{file} {string.Join(' ', arguments)} (ended: {process.HasExited})", Limit);
            return new(process.ExitCode, await output, await error);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
