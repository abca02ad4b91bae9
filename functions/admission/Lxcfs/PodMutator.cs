using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>The webhook <c>mutate</c>: pods CREATE and pods/ephemeralcontainers UPDATE. Pure: no call, no clock, no state.</summary>
internal sealed class PodMutator(LxcfsOptions options)
{
    private readonly InjectionPolicy _policy = new(options);
    private readonly InjectionPlanner _planner = new(options, new(options));
    private readonly PodPatch _patch = new(options);

    public AdmissionDecision Decide(AdmissionRequest<Pod> request)
    {
        if (_policy.Decide(request) is { } reason)
            return AdmissionDecision.Skip(reason.ToString());
        var injection = _planner.Plan(request);
        var decision = injection.IsEmpty
            ? AdmissionDecision.Skip((WantsPlainProc(request) ? SkipReason.UnmaskedProc : SkipReason.NothingToDo).ToString())
            : AdmissionDecision.Patched(_patch.Of(request, injection));
        return decision with { Warnings = PodWarnings.Bound(PodWarnings.Conflicts(injection).Concat(PodWarnings.Ineffective(injection))) };
    }

    private static bool WantsPlainProc(AdmissionRequest<Pod> request) =>
        PodContainers.Changeable(request).Select(target => target.Container.WantsPlainProc).DefaultIfEmpty(false).All(wants => wants);
}
