using LxcfsAgent.Plan;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Plans;

/// <summary>What holds of every plan, whatever it was made from.</summary>
internal static class PlanRules
{
    private static readonly Type[] Owners =
        [typeof(PublishRoot), typeof(UnpublishRoot), typeof(RepairContainers), typeof(WithdrawFiles), typeof(RestoreFiles), typeof(RemoveMountPoint), typeof(ReleaseNode)];

    private static readonly Type[] OfAStop = [typeof(ClaimNode), typeof(ReleaseNode), typeof(UnpublishRoot), typeof(WithdrawFiles), typeof(StopLxcfs)];

    public static void Check(NodeSnapshot node, NodePlan plan)
    {
        Assert.InRange(plan.Wait, TimeSpan.Zero, Timing.OwnerTick);
        Assert.True(plan.NextScan is null || plan.NextScan > TimeSpan.Zero);
        // Nobody is told that the node is served who has no LXCFS that answers right.
        Assert.True(
            plan.NotReady is not null || plan.Phase is Phase.Stopped or Phase.HandingOver || node.Lxcfs?.Health == LxcfsHealth.Right, $"ready while {plan.Phase}");
        if (plan is { Phase: Phase.Owner, NotReady: null })
            Assert.Equal(node.Lxcfs!.Device, node.AtRoot[^1].Device);
        foreach (var action in plan.Actions)
        {
            Assert.True(node.Agents.Owns || !Owners.Contains(action.GetType()), $"{action} without the node");
            Assert.True(!node.StopRequested || OfAStop.Contains(action.GetType()), $"{action} while stopping");
            Check(node, action, plan.Phase);
        }
    }

    private static void Check(NodeSnapshot node, NodeAction action, Phase phase)
    {
        switch (action)
        {
            case StartLxcfs:
                Assert.True(node is { Lxcfs: null, KernelLacks: null } && node.StartDue <= node.Now && node.May(action.Key));
                break;
            case AdoptLxcfs adopt:
                Assert.True(node is { Lxcfs: null, KernelLacks: null } && node.May(action.Key));
                Assert.Equal(node.Adoptable, adopt.MountPoint);
                break;
            case StopLxcfs stop:
                Assert.NotNull(node.Lxcfs);
                Assert.NotEmpty(stop.Reason);
                break;
            case ClaimNode claim:
                Assert.True(node.Agents.MayClaim && node.May(action.Key));
                Assert.Equal(node.Agents.Owner, claim.From);
                break;
            case PublishRoot publish:
                Assert.Equal((node.Lxcfs!.MountPoint, node.Lxcfs.Device), (publish.MountPoint, publish.Device));
                Assert.True(node.Lxcfs.Health == LxcfsHealth.Right && node.May(action.Key));
                break;
            case UnpublishRoot:
                // Nothing but LXCFS is ever taken away from ROOT, and what is topmost is what is taken.
                Assert.True(node.AtRoot is [.., { IsLxcfs: true }] && node.May(action.Key));
                break;
            case RepairContainers repair:
                Assert.Equal(node.Lxcfs!.MountPoint, repair.MountPoint);
                Assert.True(node.Lxcfs.Health == LxcfsHealth.Right && node.May(action.Key));
                Check(node, repair.Containers, node.Lxcfs.Device);
                break;
            case WithdrawFiles withdraw:
                Assert.True(node.May(action.Key));
                Check(node, withdraw.Containers, replaced: null);
                break;
            case RestoreFiles restore:
                Assert.Equal(node.Lxcfs!.MountPoint, restore.MountPoint);
                Assert.True(node.Lxcfs.Health == LxcfsHealth.Right && node.May(action.Key));
                Assert.NotEmpty(restore.Containers);
                Assert.All<WithdrawnContainer>(restore.Containers, container => Assert.True(node.Withdrawn.Contains(container) && node.May(container.MountNamespace)));
                break;
            case RemoveMountPoint remove:
                var point = Assert.Single(node.MountPoints, point => point.Path == remove.Path);
                Assert.NotEqual(node.Lxcfs!.MountPoint, remove.Path);
                Assert.True(point.Generation == node.Agents.Own || !node.Agents.Lives(point.Generation), "the mount point of an agent that lives");
                Assert.True(node.May(action.Key));
                // Who was not looked at may be served by it; who may never be looked at is waited for some minutes.
                Assert.True(node.Scan is { IsComplete: true } scan && ((scan.Summary.Unreadable.Count == 0 && scan.Skipped == 0)
                    || (scan.Summary.Unreadable.All(place => place.IsRefused) && node.Now - node.PhaseSince > Timing.LongestUnreadable)), "a container may be served by it");
                break;
            default:
                // The last try is made whatever happened to those before.
                Assert.True(action is ReleaseNode && (node.May(action.Key) || phase == Phase.Stopped), $"{action}");
                break;
        }
    }

    /// <summary>Only what is topmost at its path, is of this node's agents or of nobody, and did not fail just now.</summary>
    private static void Check(NodeSnapshot node, IReadOnlyList<ContainerWork> work, string? replaced)
    {
        Assert.NotEmpty(work);
        var ours = node.AtRoot.Concat(node.AtMountPoints).Where(mount => mount.IsLxcfs).Select(mount => mount.Device).Append(node.Lxcfs?.Device).Concat(node.Known).ToHashSet();
        foreach (var one in work)
        {
            Assert.True(node.May(one.Namespace));
            var container = Assert.Single(node.Scan!.Containers, container => container.Namespace == one.Namespace);
            Assert.NotEmpty(one.Files);
            Assert.NotEmpty(one.Processes);
            Assert.All(one.Files, file =>
            {
                Assert.Contains(file, container.Files!);
                Assert.Equal(FileLayer.Top, file.Layer);
                Assert.NotEqual(replaced ?? "none", file.Device);
                Assert.True(
                    ours.Contains(file.Device) || (node.Scan.Summary.NodeDevices?.Contains(file.Device) == false && container.OwnDevices?.Contains(file.Device) != true),
                    $"{file} is served by another LXCFS");
            });
        }
    }
}
