using System.Text.Json.Serialization;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Plan;

/// <summary>One thing to do for the node. Each can fail without harm: the next snapshot shows what came of it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "action")]
[JsonDerivedType(typeof(StartLxcfs), nameof(StartLxcfs))]
[JsonDerivedType(typeof(AdoptLxcfs), nameof(AdoptLxcfs))]
[JsonDerivedType(typeof(StopLxcfs), nameof(StopLxcfs))]
[JsonDerivedType(typeof(ClaimNode), nameof(ClaimNode))]
[JsonDerivedType(typeof(ReleaseNode), nameof(ReleaseNode))]
[JsonDerivedType(typeof(PublishRoot), nameof(PublishRoot))]
[JsonDerivedType(typeof(UnpublishRoot), nameof(UnpublishRoot))]
[JsonDerivedType(typeof(RepairContainers), nameof(RepairContainers))]
[JsonDerivedType(typeof(WithdrawFiles), nameof(WithdrawFiles))]
[JsonDerivedType(typeof(RestoreFiles), nameof(RestoreFiles))]
[JsonDerivedType(typeof(RemoveMountPoint), nameof(RemoveMountPoint))]
internal abstract record NodeAction
{
    /// <summary>What a failure of it is remembered under; actions on containers are remembered by container.</summary>
    [JsonIgnore]
    public virtual string Key => GetType().Name;
}

/// <summary>Starts an LXCFS at a mount point of its own.</summary>
internal sealed record StartLxcfs : NodeAction;

/// <summary>Goes on with the LXCFS that a dead agent of this pod left, once its values are proved.</summary>
internal sealed record AdoptLxcfs(string MountPoint) : NodeAction;

/// <summary>Ends the LXCFS of this agent and removes its mount point.</summary>
internal sealed record StopLxcfs(string Reason) : NodeAction;

/// <summary>Takes the node, unless another agent was quicker.</summary>
/// <param name="From">The owner that was seen.</param>
internal sealed record ClaimNode(long From) : NodeAction;

/// <summary>Lets another agent take the node.</summary>
internal sealed record ReleaseNode : NodeAction;

/// <summary>Has ROOT show the LXCFS of this agent.</summary>
/// <param name="WaitForUsers">Whether what ROOT shows now still answers, so that whoever is on the way through it is waited for.</param>
internal sealed record PublishRoot(string MountPoint, string Device, bool WaitForUsers) : NodeAction;

/// <summary>Takes every mount of LXCFS away from ROOT, so that new pods wait.</summary>
internal sealed record UnpublishRoot : NodeAction;

/// <summary>Gives containers the files that are served now.</summary>
/// <param name="WaitForReaders">Whether what they have now still answers, so that whoever has it open is waited for.</param>
internal sealed record RepairContainers(string MountPoint, bool WaitForReaders, IReadOnlyList<ContainerWork> Containers) : NodeAction;

/// <summary>Takes files of LXCFS out of containers, so that they see the node's own, and records them.</summary>
internal sealed record WithdrawFiles(bool WaitForReaders, IReadOnlyList<ContainerWork> Containers) : NodeAction
{
    /// <summary>What files are taken out for, to the schedule of retries.</summary>
    public const string Cause = "withdrawal";
}

/// <summary>Gives containers back what was taken out of them.</summary>
internal sealed record RestoreFiles(string MountPoint, IReadOnlyList<WithdrawnContainer> Containers) : NodeAction;

/// <summary>Ends the LXCFS that a dead agent left at a mount point, and removes both.</summary>
internal sealed record RemoveMountPoint(string Path) : NodeAction
{
    public override string Key => $"{nameof(RemoveMountPoint)} {Path}";
}
