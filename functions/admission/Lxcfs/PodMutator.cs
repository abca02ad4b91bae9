using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>The webhook <c>mutate</c>: pods CREATE and pods/ephemeralcontainers UPDATE. Pure: no call, no clock, no state.</summary>
internal sealed class PodMutator(LxcfsOptions options)
{
    private readonly InjectionPolicy _policy = new(options);
    private readonly InjectionPlanner _planner = new(options, new(options));
    private readonly PodPatch _patch = new(options);

    /// <summary>Variables and limits matter to profiles alone.</summary>
    public Reading Reading { get; } = options.Env.Count > 0 ? Reading.All : Reading.Mounts;

    public AdmissionDecision Decide(AdmissionRequest<Pod> request)
    {
        if (_policy.Decide(request) is { } reason)
            return AdmissionDecision.Skip(reason.ToName());
        var injection = _planner.Plan(request);
        var decision = injection.IsEmpty
            ? AdmissionDecision.Skip(SkipReason.NothingToDo.ToName())
            : AdmissionDecision.Patched(patch => _patch.Write(patch, request, injection));
        return injection.Conflicts.IsEmpty ? decision : decision with { Warnings = [.. PodWarnings.Conflicts(injection)] };
    }
}
