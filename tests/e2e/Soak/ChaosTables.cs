using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>All that can happen, and how often. The node and the functions each have bad luck of their own.</summary>
internal static class ChaosTables
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8), LongestOutage = TimeSpan.FromSeconds(3);

    public static Chaos OfNode(int seed, DaemonSet agents, RunningPods pods)
    {
        var healing = new Healing(pods);
        return new(seed + 1, LongestPause,
        [
            new("LXCFS killed", 6, () => HealedAsync(agents.KillLxcfsAsync)),
            new("LXCFS hung", 1, () => HealedAsync(agents.HangLxcfsAsync)),
            new("agent killed, and LXCFS with it", 2, () => HealedAsync(agents.KillAgentAsync)),
            new("DaemonSet upgraded", 2, () => HealedAsync(agents.UpgradeAsync)),
        ]);

        async Task<TimeSpan?> HealedAsync(Func<Task> act)
        {
            var then = ReaderReport.Now;
            await act();
            var broken = await healing.SinceAsync(then);
            // One that keeps dying is started again ever later, and meanwhile the containers have the node's own files.
            await agents.Agent.SettlesAsync();
            return broken;
        }
    }

    public static Chaos OfFunctions(int seed, FunctionsDeployment functions)
    {
        var random = new Random(seed + 2);
        return new(seed + 3, LongestPause,
        [
            new("functions killed", 3, async () => await functions.KillAsync(LongestOutage * random.NextDouble())),
            new("functions rolled out", 2, () => UnnoticedAsync(functions.RollAsync)),
            new("certificate replaced", 1, () => UnnoticedAsync(functions.ReplaceCertificateAsync)),
            new("token rotated", 1, () => UnnoticedAsync(functions.RotateTokenAsync)),
        ]);
    }

    private static async Task<TimeSpan?> UnnoticedAsync(Func<Task> act)
    {
        await act();
        return null;
    }
}
