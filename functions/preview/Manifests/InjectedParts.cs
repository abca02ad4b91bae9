using LxcfsFunctions.Admission;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Manifests;

/// <summary>Finds in a pod what mutate has put there, by what it would put there: nothing that merely resembles it.</summary>
internal sealed class InjectedParts(LxcfsOptions options)
{
    private static readonly string[] ContainerLists = ["initContainers", "containers"];
    private readonly InjectionPlanner _planner = new(options, new(options));

    /// <summary>Whether mutate says that it was here.</summary>
    public static bool IsInjected(Node pod) => Annotation(pod, LxcfsNames.Status)?.AsString == "mutated";

    /// <param name="pod">A template, as it stands or expanded.</param>
    /// <param name="request">Of the same, as an API server would send it.</param>
    /// <returns>Items of lists and values of members.</returns>
    public IEnumerable<Node> In(Node pod, AdmissionRequest<Pod> request)
    {
        var read = request.Object!;
        if (Annotation(pod, LxcfsNames.Status) is { } status)
            yield return status;
        if (Annotation(pod, LxcfsNames.Deliver) is { AsString: LxcfsNames.DeliverHostPath or LxcfsNames.DeliverNode } deliver)
            yield return deliver;
        // Names that the pod has excepted itself were there before, so one with more than ours stays.
        if (Annotation(pod, LxcfsNames.DeliverExcept) is { } except && except.AsString == string.Join(',', _planner.Plan(request).Excepted))
            yield return except;
        if (SafeToEvict(pod) is { } listed && Kept(listed.AsString!).Length == 0)
            yield return listed;
        foreach (var volume in Items(pod.Find("spec"), "volumes").Where(IsVolume))
            yield return volume;
        var labels = options.NodeLabels(DeliveryMarks.AreOfNode(read) ? Delivery.Node : Delivery.HostPath);
        foreach (var expression in LabelExpressions(pod, labels))
            yield return expression;

        var profiles = PodSettings.Of(read).Profiles ?? options.Env;
        foreach (var list in ContainerLists)
        {
            foreach (var (container, i) in Items(pod.Find("spec"), list).Select((container, i) => (container, i)))
            {
                foreach (var mount in Items(container, "volumeMounts").Where(IsMount))
                    yield return mount;
                if ((list == "containers" ? read.Spec!.Containers : read.Spec!.InitContainers)![i] is not { } known)
                    continue;
                var values = ProfileVariables.ValuesOf(known, read.Spec.Resources?.Limits, profiles).ToArray();
                foreach (var variable in Items(container, "env").Where(item => Has(item, 2) && values.Any(value => Is(item, "name", value.Name) && Is(item, "value", value.Value))))
                    yield return variable;
            }
        }
    }

    /// <summary>The autoscaler's annotation where somebody else's volumes stand in it too, and what it says without ours.</summary>
    public (Node Value, string Kept)? SharedAnnotation(Node pod) =>
        SafeToEvict(pod) is { } listed && Kept(listed.AsString!) is { Length: > 0 } kept && kept != listed.AsString ? (listed, kept) : null;

    private static Node? Annotation(Node pod, string name) => pod.Find("metadata")?.Find("annotations")?.Find(name);

    private static Node? SafeToEvict(Node pod) =>
        Annotation(pod, LxcfsNames.SafeToEvictLocalVolumes) is { AsString: not null } value ? value : null;

    private string Kept(string listed) => string.Join(',', listed.Split(',').Where(name => !options.Files.Any(file => file.Volume == name)));

    private bool IsVolume(Node item) => Has(item, 2) && options.Files.Any(file => Is(item, "name", file.Volume)
        && item.Find("hostPath") is { } source && Has(source, 2) && Is(source, "path", options.Root + file.Path) && Is(source, "type", "File"));

    private bool IsMount(Node item) => Has(item, 3) && item.Find("readOnly") is ScalarNode { Kind: ScalarKind.True }
        && options.Mounts.Any(mount => Is(item, "name", mount.File.Volume) && Is(item, "mountPath", mount.Path));

    private static IEnumerable<Node> LabelExpressions(Node pod, IReadOnlyList<string> labels) =>
        Items(pod.At(["spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]), "nodeSelectorTerms")
            .SelectMany(term => Items(term, "matchExpressions")).Where(expression => labels.Any(label => Is(expression, "key", label)));

    private static bool Has(Node item, int members) => item.AsMap?.Members.Count == members;

    private static bool Is(Node item, string name, string value) => item.Find(name)?.AsString == value;

    private static List<Node> Items(Node? parent, string name) => parent?.Find(name)?.AsList?.Items ?? [];
}
