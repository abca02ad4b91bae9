using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Lxcfs;

/// <summary>The webhook <c>mutate</c>: pods CREATE and pods/ephemeralcontainers UPDATE. Pure: no call, no clock, no state.</summary>
/// <param name="forbidsHostPath">Whether the namespaces of the pods enforce a level that forbids hostPath.</param>
internal sealed class PodMutator(LxcfsOptions options, bool forbidsHostPath = false)
{
    /// <summary>The reason where the pod's spec names the files.</summary>
    public const string ByHostPath = "Injected";

    /// <summary>The reason where the node brings them.</summary>
    public const string ByNode = "DeliveredByNode";

    private readonly InjectionPolicy _policy = new(options, forbidsHostPath);
    private readonly InjectionPlanner _planner = new(options, new(options, forbidsHostPath));
    private readonly PodPatch _patch = new(options);

    public AdmissionDecision Decide(AdmissionRequest<Pod> request)
    {
        if (_policy.Decide(request) is { } reason)
            return AdmissionDecision.Skip(reason.ToString()) with { Warnings = reason == SkipReason.NoHostPath ? [PodWarnings.NoHostPath] : [] };
        var injection = _planner.Plan(request);
        var decision = injection.IsEmpty
            ? AdmissionDecision.Skip((WantsPlainProc(request) ? SkipReason.UnmaskedProc : SkipReason.NothingToDo).ToString())
            : AdmissionDecision.Patched(injection.Delivery == Delivery.Node ? ByNode : ByHostPath, _patch.Of(request, injection));
        return decision with { Warnings = PodWarnings.Bound(PodWarnings.Conflicts(injection).Concat(PodWarnings.Ineffective(injection))) };
    }

    private static bool WantsPlainProc(AdmissionRequest<Pod> request) =>
        PodContainers.Changeable(request).Select(target => target.Container.WantsPlainProc).DefaultIfEmpty(false).All(wants => wants);
}
