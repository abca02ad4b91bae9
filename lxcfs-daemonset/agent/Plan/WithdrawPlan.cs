using LxcfsAgent.Worker;

namespace LxcfsAgent.Plan;

/// <summary>
/// For when nobody is left to serve: ROOT is taken away, so that new pods wait instead of failing, and LXCFS out of every container, so
/// that they read the node's own files, which is less than what they had but more than errors.
/// </summary>
internal static class WithdrawPlan
{
    /// <summary>The next step; null when nothing of it is left to do.</summary>
    public static (IReadOnlyList<NodeAction> Actions, bool Scan)? Next(NodeSnapshot node, bool waitForReaders)
    {
        if (!node.Agents.Owns)
            return node.Agents.MayClaim && node.May(nameof(ClaimNode)) ? ([new ClaimNode(node.Agents.Owner)], false) : null;
        if (ShowsLxcfs(node) && node.May(nameof(UnpublishRoot)))
            return ([new UnpublishRoot()], true);
        if (node.Scan is not { Details: true })
            return node.Phase is not (Phase.Withdrawing or Phase.SteppingBack) || node.ScanDue <= node.Now ? ([], true) : null;
        var served = Served(node, node.Scan, node.May);
        return served.Count == 0 || !node.May(nameof(WithdrawFiles)) ? null : ([new WithdrawFiles(waitForReaders, served)], true);
    }

    /// <summary>
    /// Whether something is left to do that failed, and may not be tried again yet, or that could not be looked at. A container that has failed several times, or holds
    /// workers up, isn't waited for.
    /// </summary>
    public static bool IsHeldUp(NodeSnapshot node) =>
        !node.Agents.Owns || ShowsLxcfs(node) || node.Scan is not { Details: true, ShowsAll: true } scan || Served(node, scan, node.IsTriedSoon).Count > 0;

    /// <summary>What somebody else mounted over LXCFS at ROOT is theirs to take away.</summary>
    public static bool ShowsLxcfs(NodeSnapshot node) => node.AtRoot is [.., { IsLxcfs: true }];

    private static List<ContainerWork> Served(NodeSnapshot node, ContainerScan scan, Func<string, bool> may)
    {
        var judge = FileJudge.Of(node, node.Lxcfs?.Device);
        return [.. scan.Containers.Where(container => may(container.Namespace)).Select(Work).Where(work => work.Files.Count > 0)];

        ContainerWork Work(ContainerFacts container) => new(
            container.Namespace,
            ServePlan.ProcessesOf(container),
            [.. (container.Files ?? []).Where(file => judge.StateOf(container, file) is FileState.Healthy or FileState.Stale)],
            container.Named);
    }
}
