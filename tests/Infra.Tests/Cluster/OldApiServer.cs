using System.Text.RegularExpressions;

namespace LxcfsFunctions.Infra.Tests.Cluster;

/// <summary>
/// The API server that can be built from Debian's sources is 1.20, older than what the manifests are for (1.25). This is
/// all that it can't take, with the release that brought it.
/// </summary>
internal static partial class OldApiServer
{
    /// <summary>A document as 1.20 takes it; null where it has nothing like it.</summary>
    public static string? Adapt(string document)
    {
        if (Kind(document) is "ValidatingAdmissionPolicy" or "ValidatingAdmissionPolicyBinding") // 1.30
            return null;
        return Kind(document) switch
        {
            "DaemonSet" => Surge().Replace(document, "maxUnavailable: 1"), // 1.22
            "PodDisruptionBudget" => document.Replace("apiVersion: policy/v1\n", "apiVersion: policy/v1beta1\n", StringComparison.Ordinal), // 1.21
            _ => document,
        };
    }

    /// <summary>The manifests of a checkout, in their files.</summary>
    public static void Adapt(Checkout checkout)
    {
        foreach (var file in (string[])["lxcfs-daemonset/daemonset.yaml", "infra/kustomize/overlays/service/disruption.yaml"])
            File.WriteAllText(checkout.PathOf(file), Adapt(File.ReadAllText(checkout.PathOf(file))));
        Replace(checkout, "infra/kustomize/node-labels/kustomization.yaml", "  - policy.yaml\n", "");
        Replace(checkout, "infra/lib/installation.sh", "oldest_minor=25\n", "oldest_minor=20\n");
        foreach (var component in (string[])["node-affinity", "node-delivery"])
            Replace(checkout, "infra/lib/components.tsv", $"{component}\tvalidatingadmissionpolicies.admissionregistration.k8s.io", $"{component}\t-");
    }

    private static void Replace(Checkout checkout, string file, string old, string @new)
    {
        var text = File.ReadAllText(checkout.PathOf(file));
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(checkout.PathOf(file), text.Replace(old, @new, StringComparison.Ordinal));
    }

    private static string? Kind(string document) =>
        document.Split('\n').FirstOrDefault(line => line.StartsWith("kind: ", StringComparison.Ordinal))?["kind: ".Length..];

    [GeneratedRegex(@"maxSurge: 1\n +maxUnavailable: 0")]
    private static partial Regex Surge();
}
