using System.Globalization;
using k8s.Models;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Kubelet;

/// <summary>A container of a stored pod as options of ctr: what a kubelet and the CRI make of the same fields.</summary>
internal static class ContainerOptions
{
    private const long Period = 100_000, LeastQuota = 1_000, LeastShares = 2;

    /// <param name="sources">The node's paths of the pod's volumes, by their names.</param>
    public static IEnumerable<string> Of(V1Container container, V1PodSecurityContext? pod, IReadOnlyDictionary<string, string> sources) =>
    [
        .. Limits(container.Resources), .. Environment(container), .. Security(container.SecurityContext, pod),
        .. container.WorkingDir is { Length: > 0 } folder ? ["--cwd", folder] : Array.Empty<string>(),
        .. (container.VolumeMounts ?? []).SelectMany(mount => new[] { "--mount", Mount(mount, sources[mount.Name]) }),
    ];

    /// <summary>ctr takes no user: the image's has to do.</summary>
    public static void CheckUser(V1Container container, V1PodSecurityContext? pod, OciArchive image)
    {
        var user = container.SecurityContext?.RunAsUser ?? pod?.RunAsUser;
        var inImage = (string?)image.Configuration["User"] ?? "0";
        if (user is not null && inImage.Split(':')[0] != $"{user}")
            throw new NotSupportedException($"{container.Name} is to run as {user}, but its image runs as {inImage}");
    }

    public static IEnumerable<string> Command(V1Container container) => [.. container.Command ?? [], .. container.Args ?? []];

    /// <summary>Bytes, or thousandths of a CPU; null for no limit.</summary>
    public static long? Limit(V1ResourceRequirements? resources, string name) =>
        resources?.Limits?.TryGetValue(name, out var quantity) is true ? (long)(quantity.ToDecimal() * (name == "cpu" ? 1000 : 1)) : null;

    /// <summary>Microseconds in a period.</summary>
    public static long Quota(long milliCpus) => Math.Max(LeastQuota, milliCpus * Period / 1000);

    private static IEnumerable<string> Limits(V1ResourceRequirements? resources)
    {
        if (Limit(resources, "memory") is { } bytes)
            yield return $"--memory-limit={bytes}";
        if (Limit(resources, "cpu") is { } limit)
        {
            yield return $"--cpu-quota={Quota(limit)}";
            yield return $"--cpu-period={Period}";
        }

        var request = resources?.Requests?.TryGetValue("cpu", out var quantity) is true ? quantity.ToDecimal() : 0;
        yield return string.Create(CultureInfo.InvariantCulture, $"--cpu-shares={Math.Max(LeastShares, (long)(request * 1024))}");
    }

    private static IEnumerable<string> Environment(V1Container container) => (container.Env ?? []).SelectMany(variable => variable.ValueFrom is null
        ? new[] { "--env", $"{variable.Name}={variable.Value}" }
        : throw new NotSupportedException($"no test has needed {variable.Name} from elsewhere yet"));

    /// <summary>Capabilities stay as the runtime has them: ctr can't drop all of them by one word.</summary>
    private static IEnumerable<string> Security(V1SecurityContext? security, V1PodSecurityContext? pod)
    {
        if (security?.Privileged is true)
            yield return "--privileged";
        if (security?.ReadOnlyRootFilesystem is true)
            yield return "--read-only";
        if ((security?.SeccompProfile ?? pod?.SeccompProfile)?.Type == "RuntimeDefault")
            yield return "--seccomp";
    }

    private static string Mount(V1VolumeMount mount, string source)
    {
        var propagation = mount.MountPropagation switch { "Bidirectional" => "rshared", "HostToContainer" => "rslave", _ => "rprivate" };
        var path = mount.SubPath is { Length: > 0 } below ? $"{source}/{below}" : source;
        return $"type=bind,src={path},dst={mount.MountPath},options=rbind:{propagation}:{(mount.ReadOnlyProperty is true ? "ro" : "rw")}";
    }
}
