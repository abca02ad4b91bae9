using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Commands;

/// <summary><c>lxcfs-agent repair</c>: repairs every container once, now.</summary>
internal static class RepairCommand
{
    public static int Run(AgentOptions options, TextWriter output)
    {
        using var node = NodeLook.At(options);
        if (node.Live is null)
        {
            output.WriteLine($"Nothing answers at {options.Root}, so there is nothing to repair with; is an agent running?");
            return 1;
        }

        var stale = node.Find(FileState.Stale);
        var outcomes = stale.Count == 0 ? [] : node.Workers.WorkThrough(new(WorkKind.Replace, options.Root, WorkRequest.ReadingMilliseconds, stale));
        output.WriteLine(
            $"Repaired {outcomes.Sum(outcome => outcome.Done)} of {stale.Sum(work => work.Files.Count)} stale files in {node.Scan.Containers.Count} containers.");
        return Report(outcomes, "repair", node.Scan.ShowsAll, output);
    }

    /// <returns>The exit code.</returns>
    public static int Report(IEnumerable<WorkOutcome> outcomes, string verb, bool showsAll, TextWriter output)
    {
        var failed = outcomes.Where(outcome => outcome.Error is not null).ToList();
        foreach (var outcome in failed)
            output.WriteLine($"Could not {verb} {outcome.Namespace}: {TenantText.Escape(outcome.Error!)}");
        if (!showsAll)
            output.WriteLine("Not every process of the node could be looked at. Run it again.");
        return failed.Count == 0 && showsAll ? 0 : 1;
    }
}
