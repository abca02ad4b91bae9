using System.Diagnostics;
using System.Reflection;

namespace Arm64.Tests;

internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>What <c>prepare.sh</c> built for arm64, and how it runs here.</summary>
internal static class Emulated
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static string Root { get; } = Path.GetFullPath(
        typeof(Emulated).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!);

    /// <summary>A file below <c>artifacts/arm64</c>.</summary>
    public static string Built(string path)
    {
        var built = Path.Combine(Root, "artifacts", "arm64", path);
        Assert.SkipUnless(Path.Exists(built), $"there is no {built}: tests/Arm64.Tests/prepare.sh makes it");
        return built;
    }

    /// <summary>Runs a program, and whatever arm64's program it starts, under emulation.</summary>
    public static Task<CommandResult> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment) =>
        StartAsync(Path.Combine(Root, "tests", "Arm64.Tests", "emulate.sh"), [program, .. arguments], environment);

    /// <summary>Runs a program of this machine.</summary>
    public static async Task<CommandResult> StartAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} has not ended after {Patience.TotalMinutes} minutes");
        }
    }
}
