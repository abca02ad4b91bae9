using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>The webhook <c>validate</c>: pods CREATE and UPDATE. Denies only what is surely wrong, and only to whom made it so.</summary>
/// <param name="forbidsHostPath">Whether the namespaces of the pods enforce a level that forbids hostPath, as far as that is known.</param>
internal sealed class PodValidator(LxcfsOptions options, bool forbidsHostPath = false)
{
    private readonly InjectionPolicy _policy = new(options, forbidsHostPath);
    private readonly InjectionPlanner _planner = new(options, new(options, forbidsHostPath));

    public AdmissionDecision Decide(AdmissionRequest<Pod> request)
    {
        var create = request.Is("CREATE", "pods");
        if (request.Object is not { } pod || !(create || request.Is("UPDATE", "pods")))
            return AdmissionDecision.Allow(nameof(SkipReason.NothingToDo));
        var skip = _policy.Decide(request);
        if (skip == SkipReason.SystemNamespace)
            return AdmissionDecision.Allow(nameof(SkipReason.SystemNamespace));

        // An old pod must stay changeable, or its finalizers could never be removed.
        var problems = PodProblems.Bound(request.OldObject is { } old && !create ? FindProblems(pod).Except(FindProblems(old)) : FindProblems(pod));
        if (problems.Count > 0)
            return AdmissionDecision.Deny(PodReview.NameOf(request), problems);
        var decision = AdmissionDecision.Allow(skip?.ToString() ?? "Valid");
        return create ? decision with { Warnings = PodWarnings.Bound(FindWarnings(request, skip)) } : decision;
    }

    private IEnumerable<StatusCause> FindProblems(Pod pod)
    {
        var settings = PodSettings.Of(pod);
        return settings.Problems.Concat(settings.FindUnknownContainers(pod)).Concat(FindWritableMounts(pod));
    }

    private IEnumerable<Message> FindWarnings(AdmissionRequest<Pod> request, SkipReason? skip) => skip is { } reason
        ? PodWarnings.Skipped(reason)
        : PodWarnings.Views(request.Object!).Concat(FindDeliveryWarnings(request))
            .Concat(MountWarnings.Of(request.Object!, options)).Concat(PrivilegeWarnings.Of(request.Object!));

    /// <summary>mutate has been here before, where it was asked, and knew the namespace better.</summary>
    private IEnumerable<Message> FindDeliveryWarnings(AdmissionRequest<Pod> request) =>
        _policy.DeliveryOf(request) == Delivery.Node || (options.Delivery.HasNode && DeliveryMarks.AreOfNode(request.Object!))
            ? PodWarnings.NamedNode(request.Object!)
            : PodWarnings.Conflicts(_planner.Plan(request));

    /// <summary>LXCFS is the node's: whoever can write to its tree can change what every other container there sees.</summary>
    private IEnumerable<StatusCause> FindWritableMounts(Pod pod)
    {
        // By each volume once, since its path can be as long as the body, and mounted as often as there is room.
        var sources = new Dictionary<string, string>();
        foreach (var volume in pod.Spec?.Volumes ?? [])
        {
            if (volume is { Name: { } name, HostPath.Path: { } path } && PodPath.Clean(path) is var source
                && (PodPath.Covers(options.Root, source) || PodPath.Covers(source, options.Root)))
                sources.TryAdd(name, source);
        }

        if (sources.Count == 0)
            yield break;
        var writable = PodProblems.WritableMount(options.Root);
        foreach (var target in PodContainers.All(pod))
        {
            for (var i = 0; i < (target.Container.VolumeMounts?.Count ?? 0); i++)
            {
                if (target.Container.VolumeMounts![i] is not { ReadOnly: not true, Name: { } name } mount
                    || !sources.TryGetValue(name, out var source)
                    || !IsOfLxcfs(source, mount.SubPath))
                    continue;
                yield return new($"{target.Field}.volumeMounts[{i}].readOnly", writable);
            }
        }
    }

    /// <summary>Within the tree of LXCFS, or by a subPath of what holds it. An API server takes no <c>..</c> in a subPath.</summary>
    private bool IsOfLxcfs(string source, string? subPath) =>
        PodPath.Covers(options.Root, source) || PodPath.Covers(options.Root, PodPath.Clean($"{source}/{subPath}"));
}
