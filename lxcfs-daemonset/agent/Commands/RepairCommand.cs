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
        var outcomes = stale.Count == 0 ? [] : node.Workers.WorkThrough(new(WorkKind.Replace, options.Root, WorkRequest.ReadingMilliseconds, stale, IsRecorded: true));
        output.WriteLine(
            $"Repaired {outcomes.Sum(outcome => outcome.Done)} of {stale.Sum(work => work.Files.Count)} stale files in {node.Scan.Containers.Count} containers.");
        return Report(outcomes, "repair", node.Scan, output);
    }

    /// <returns>The exit code.</returns>
    public static int Report(IEnumerable<WorkOutcome> outcomes, string verb, ContainerScan scan, TextWriter output)
    {
        var failed = outcomes.Where(outcome => outcome.Error is not null).ToList();
        foreach (var outcome in failed)
            output.WriteLine($"Could not {verb} {outcome.Namespace}: {TenantText.Escape(outcome.Error!)}");
        foreach (var place in scan.Summary.Unreadable)
            output.WriteLine($"Could not look at {place.Namespace ?? "the mount namespace"} of process {place.Pid}: {place.Error}");
        if (!scan.ShowsAllThatMayBeSeen)
            output.WriteLine("Not every process of the node could be looked at. Run it again.");
        else if (!scan.ShowsAll)
            output.WriteLine("To run it again makes no difference there: what those containers have of LXCFS ends with them.");
        return failed.Count == 0 && scan.ShowsAll ? 0 : 1;
    }
}
