namespace LxcfsFunctions.Manifests;

/// <summary>A kind of object that makes pods, and where it keeps a pod's template.</summary>
/// <param name="Group">Its API group; empty for Kubernetes' first one. A group of its own may use another's name.</param>
/// <param name="Path">Steps from the object to the template, the parent of metadata and spec; <c>[]</c> is every item of a list, <c>*</c> every value of a map.</param>
internal sealed record TemplateKind(string Group, string Kind, IReadOnlyList<string> Path)
{
    private TemplateKind(string group, string kind, string path)
        : this(group, kind, StepsOf(path))
    {
    }

    /// <summary>Kubernetes' own, and those of others that are known to keep a whole pod template.</summary>
    public static IReadOnlyList<TemplateKind> WellKnown { get; } =
    [
        new("", "Pod", ""),
        new("", "PodTemplate", "template"),
        new("", "ReplicationController", "spec.template"),
        new("apps", "Deployment", "spec.template"),
        new("apps", "StatefulSet", "spec.template"),
        new("apps", "DaemonSet", "spec.template"),
        new("apps", "ReplicaSet", "spec.template"),
        new("batch", "Job", "spec.template"),
        new("batch", "CronJob", "spec.jobTemplate.spec.template"),
        // Retired; manifests of old still say so.
        new("extensions", "Deployment", "spec.template"),
        new("extensions", "DaemonSet", "spec.template"),
        new("extensions", "ReplicaSet", "spec.template"),
        new("apps.openshift.io", "DeploymentConfig", "spec.template"),
        new("argoproj.io", "Rollout", "spec.template"),
        new("batch.volcano.sh", "Job", "spec.tasks[].template"),
        new("jobset.x-k8s.io", "JobSet", "spec.replicatedJobs[].template.spec.template"),
        new("kubeflow.org", "JAXJob", "spec.jaxReplicaSpecs.*.template"),
        new("kubeflow.org", "MPIJob", "spec.mpiReplicaSpecs.*.template"),
        new("kubeflow.org", "PaddleJob", "spec.paddleReplicaSpecs.*.template"),
        new("kubeflow.org", "PyTorchJob", "spec.pytorchReplicaSpecs.*.template"),
        new("kubeflow.org", "TFJob", "spec.tfReplicaSpecs.*.template"),
        new("kubeflow.org", "XGBoostJob", "spec.xgbReplicaSpecs.*.template"),
        new("leaderworkerset.x-k8s.io", "LeaderWorkerSet", "spec.leaderWorkerTemplate.leaderTemplate"),
        new("leaderworkerset.x-k8s.io", "LeaderWorkerSet", "spec.leaderWorkerTemplate.workerTemplate"),
        new("ray.io", "RayCluster", "spec.headGroupSpec.template"),
        new("ray.io", "RayCluster", "spec.workerGroupSpecs[].template"),
        new("ray.io", "RayJob", "spec.rayClusterSpec.headGroupSpec.template"),
        new("ray.io", "RayJob", "spec.rayClusterSpec.workerGroupSpecs[].template"),
        new("ray.io", "RayJob", "spec.submitterPodTemplate"),
        new("ray.io", "RayService", "spec.rayClusterConfig.headGroupSpec.template"),
        new("ray.io", "RayService", "spec.rayClusterConfig.workerGroupSpecs[].template"),
        new("sparkoperator.k8s.io", "SparkApplication", "spec.driver.template"),
        new("sparkoperator.k8s.io", "SparkApplication", "spec.executor.template"),
    ];

    /// <summary>Reads <c>GROUP/KIND=PATH</c>, or <c>KIND=PATH</c> for the group without a name; null where it is neither.</summary>
    public static TemplateKind? Parse(string text)
    {
        if (text.Split('=') is not [var name, var path] || name.Split('/') is not ([_] or [_, _]) || StepsOf(path).Contains(""))
            return null;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return name[(slash + 1)..] is { Length: > 0 } kind ? new(slash < 0 ? "" : name[..slash], kind, path) : null;
    }

    /// <summary>Whether an object is of this kind. The items of a typed list carry no version: those are Kubernetes' own.</summary>
    public bool Is(string? group, string kind) => Kind == kind && (group is null ? !Group.Contains('.') : group == Group);

    /// <summary>The paths of all templates that an object has, each step the name or index of one.</summary>
    public IEnumerable<string[]> In(Node node) => Expand(node, [], 0).Where(path => node.At(path)?.AsMap is not null);

    public static string Text(IEnumerable<string> path) =>
        string.Concat(path.Select((step, i) => step == "[]" ? step : i == 0 ? step : $".{step}"));

    private IEnumerable<string[]> Expand(Node node, string[] path, int depth)
    {
        if (depth == Path.Count)
            return [path];
        var names = Path[depth] switch
        {
            "[]" => Enumerable.Range(0, node.AsList?.Items.Count ?? 0).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            "*" => (node.AsMap?.Members ?? []).Where(member => !member.IsMerge).Select(member => (member.Key.Target as ScalarNode)?.Value).OfType<string>(),
            var name => [name],
        };
        return names.SelectMany(name => node.At([name]) is { } next ? Expand(next, [.. path, name], depth + 1) : []);
    }

    private static string[] StepsOf(string path) =>
        path.Length == 0 ? [] : [.. path.Split('.').SelectMany(step => step.EndsWith("[]", StringComparison.Ordinal) ? (string[])[step[..^2], "[]"] : [step])];
}
