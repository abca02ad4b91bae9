using LxcfsFunctions.Infra.Tests;

namespace Arm64.Tests;

/// <summary>What <c>prepare.sh</c> built for arm64, and how it runs here.</summary>
internal static class Emulated
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>A file below <c>artifacts/arm64</c>.</summary>
    public static string Built(string path)
    {
        var built = Path.Combine(Repository.Root, "artifacts", "arm64", path);
        Assert.SkipUnless(Path.Exists(built), $"there is no {built}: tests/Arm64.Tests/prepare.sh makes it");
        return built;
    }

    /// <summary>Runs a program, and whatever arm64's program it starts, under emulation.</summary>
    public static Task<Command> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment) =>
        StartAsync(Path.Combine(Repository.Root, "tests", "Arm64.Tests", "emulate.sh"), [program, .. arguments], environment);

    /// <summary>Runs a program of this machine.</summary>
    public static Task<Command> StartAsync(string program, string[] arguments, params (string Name, string Value)[] environment) =>
        Command.RunAsync(program, arguments, environment.ToDictionary(setting => setting.Name, setting => setting.Value), limit: Patience);
}
