using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>The webhook <c>validate</c>: pods CREATE and UPDATE. Denies only what is surely wrong, and only to whom made it so.</summary>
internal sealed class PodValidator(LxcfsOptions options)
{
    private readonly InjectionPolicy _policy = new(options);
    private readonly InjectionPlanner _planner = new(options, new(options));

    public AdmissionDecision Decide(AdmissionRequest<Pod> request)
    {
        var create = request.Is("CREATE", "pods");
        if (request.Object is not { } pod || !(create || request.Is("UPDATE", "pods")))
            return AdmissionDecision.Allow(nameof(SkipReason.NothingToDo));
        var skip = _policy.Decide(request);
        if (skip == SkipReason.SystemNamespace)
            return AdmissionDecision.Allow(nameof(SkipReason.SystemNamespace));

        // An old pod must stay changeable, or its finalizers could never be removed.
        var problems = FindProblems(pod).Except(request.OldObject is { } old && !create ? FindProblems(old) : []).ToArray();
        if (problems.Length > 0)
            return AdmissionDecision.Deny(PodReview.NameOf(request), problems);
        var decision = AdmissionDecision.Allow(skip?.ToString() ?? "Valid");
        return create ? decision with { Warnings = [.. FindWarnings(request, skip)] } : decision;
    }

    private IEnumerable<StatusCause> FindProblems(Pod pod) =>
    [
        .. PodSettings.Of(pod).Problems,
        .. PodSettings.Of(pod).FindUnknownContainers(pod),
        .. FindWritableMounts(pod),
    ];

    private IEnumerable<Message> FindWarnings(AdmissionRequest<Pod> request, SkipReason? skip) => skip is { } reason
        ? PodWarnings.Skipped(reason)
        : [
            .. PodWarnings.Views(request.Object!), .. PodWarnings.Conflicts(_planner.Plan(request)),
            .. MountWarnings.Of(request.Object!, options), .. PrivilegeWarnings.Of(request.Object!),
        ];

    /// <summary>LXCFS is the node's: whoever can write to its tree can change what every other container there sees.</summary>
    private IEnumerable<StatusCause> FindWritableMounts(Pod pod)
    {
        var sources = (pod.Spec?.Volumes ?? []).Where(volume => volume is { Name: not null, HostPath.Path: not null })
            .GroupBy(volume => volume!.Name!).ToDictionary(group => group.Key, group => group.First()!.HostPath!.Path!);
        if (sources.Count == 0)
            yield break;
        foreach (var target in PodContainers.All(pod))
        {
            for (var i = 0; i < (target.Container.VolumeMounts?.Count ?? 0); i++)
            {
                if (target.Container.VolumeMounts![i] is not { ReadOnly: not true, Name: { } name } mount
                    || !sources.TryGetValue(name, out var source)
                    || !PodPath.Covers(options.Root, PodPath.Clean($"{source}/{mount.SubPath}")))
                    continue;
                yield return new($"{target.Field}.volumeMounts[{i}].readOnly", PodProblems.WritableMount(options.Root));
            }
        }
    }
}
