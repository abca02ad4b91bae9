using LxcfsAgent.Apply;
using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Plans;

/// <summary>Carries the actions of a simulated agent out.</summary>
internal sealed class SimulatedExecutor(SimulatedNode node, SimulatedRunner runner, long generation)
{
    /// <param name="wanted">Whether an LXCFS that is stopped was to end.</param>
    /// <returns>Whether it was carried out; if not, another agent was quicker.</returns>
    public bool Execute(NodeAction action, bool wanted, RetrySchedule retries)
    {
        switch (action)
        {
            case StartLxcfs:
                runner.Start();
                return true;
            case AdoptLxcfs adopt:
                runner.Adopt(adopt.MountPoint);
                return true;
            case StopLxcfs stop:
                runner.Stop(stop.Reason, wanted);
                return true;
            case ClaimNode claim:
                if (node.Owner != claim.From || (node.Owner > generation && node.Agents.Exists(agent => agent.Generation == node.Owner)))
                    return false;
                node.Owner = generation;
                return true;
            case ReleaseNode:
                if (node.Owner == generation)
                    node.Owner = 0;
                return true;
            default:
                if (node.Owner != generation)
                    return false;
                ExecuteAsOwner(action, retries);
                return true;
        }
    }

    private void ExecuteAsOwner(NodeAction action, RetrySchedule retries)
    {
        switch (action)
        {
            case PublishRoot publish:
                node.Publish(publish.MountPoint);
                break;
            case UnpublishRoot:
                node.Unpublish();
                break;
            case RepairContainers repair:
                Note(node.Work(repair.Containers, repair.MountPoint), repair.MountPoint, retries);
                break;
            case WithdrawFiles withdraw:
                Note(node.Withdraw(withdraw.Containers), WithdrawFiles.Cause, retries);
                break;
            case RestoreFiles restore:
                Note(node.Restore(restore, retries.TimesOf), restore.MountPoint, retries);
                break;
            case RemoveMountPoint remove:
                node.Remove(remove.Path);
                break;
            default:
                throw new InvalidOperationException($"{action}");
        }
    }

    /// <summary>As the agent does: what has to be done to a container again and again waits.</summary>
    private void Note(IEnumerable<WorkOutcome> outcomes, string cause, RetrySchedule retries)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome.Gone)
                retries.Forget(outcome.Namespace);
            else
                retries.Done(outcome.Namespace, cause, node.Now, ContainerActions.Repeats);
        }
    }
}
