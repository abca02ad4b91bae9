using LxcfsAgent.Lxcfs;
using LxcfsAgent.Plan;
using LxcfsAgent.State;

namespace LxcfsAgent.Apply;

/// <summary>
/// Carries an action out. What fails throws, names what it failed on, and leaves everything as it was or as it should be: the next
/// snapshot tells which.
/// </summary>
internal sealed class ActionExecutor(
    RootMount root, StateFolder folder, AgentLease lease, LxcfsRunner lxcfs, ContainerActions containers, AgentMetrics metrics, ILogger logger)
{
    /// <param name="node">What the plan was made from.</param>
    /// <param name="wanted">Whether an LXCFS that is stopped was to end.</param>
    /// <returns>Whether it was carried out; if not, another agent was quicker.</returns>
    public bool Execute(NodeAction action, NodeSnapshot node, bool wanted)
    {
        switch (action)
        {
            case StartLxcfs:
                lxcfs.Start(lease.NewMountPoint());
                break;
            case AdoptLxcfs adopt:
                lxcfs.Adopt(adopt.MountPoint);
                metrics.Adoptions.Add(1);
                break;
            case StopLxcfs stop:
                Stop(stop, node, wanted);
                break;
            case ClaimNode claim:
                return lease.TryClaim(claim.From);
            case ReleaseNode:
                lease.Release();
                break;
            case PublishRoot publish:
                return AsOwner(() => Publish(publish));
            case UnpublishRoot:
                return AsOwner(root.Unpublish);
            case RepairContainers repair:
                return lease.Owns() && containers.Repair(repair, node);
            case WithdrawFiles withdraw:
                return lease.Owns() && containers.Withdraw(withdraw, node);
            case RestoreFiles restore:
                return lease.Owns() && containers.Restore(restore, node);
            case RemoveMountPoint remove:
                return AsOwner(() => Remove(remove.Path));
            default:
                throw new InvalidOperationException($"nobody carries {action} out");
        }

        return true;
    }

    /// <summary>With every other agent held off meanwhile; nothing of a tenant's is touched in there.</summary>
    private bool AsOwner(Action work)
    {
        if (!folder.Exists)
            return false;
        using var guard = folder.Lock();
        if (!lease.Owns())
            return false;
        work();
        return true;
    }

    private void Publish(PublishRoot publish)
    {
        foreach (var path in root.Publish(publish.MountPoint, publish.Device, publish.WaitForUsers))
            Log.StaleMountPointRemoved(logger, path);
    }

    private void Stop(StopLxcfs stop, NodeSnapshot node, bool wanted)
    {
        if (!wanted && node.Lxcfs is { } state)
        {
            metrics.Restarts.Add(1);
            if (state.Health == LxcfsHealth.Hung)
                Log.Hung(logger, state.Pid, stop.Reason);
            else
                Log.Ended(logger, state.Pid, stop.Reason);
        }

        lxcfs.Stop(node.Now, stop.Reason, wanted);
        if (node.Lxcfs is { } ended)
            RemoveOwn(ended.MountPoint);
    }

    /// <summary>What stays is tried again with what dead agents left. The next LXCFS has another place, and does not wait for it.</summary>
    private void RemoveOwn(string mountPoint)
    {
        RootMount.DetachAll(mountPoint);
        MountPointFolder.Remove(mountPoint, why =>
        {
            metrics.Errors.Add(1);
            Log.ActionFailed(logger, new RemoveMountPoint(mountPoint).Key, why);
        });
    }

    /// <summary>A dead agent's, perhaps with an LXCFS that still runs.</summary>
    private static void Remove(string mountPoint)
    {
        using (var left = LxcfsProcess.Find(mountPoint))
            left?.Kill();
        OrphanedLxcfs.End(mountPoint);
        RootMount.DetachAll(mountPoint);
        MountPointFolder.Remove(mountPoint);
    }
}
