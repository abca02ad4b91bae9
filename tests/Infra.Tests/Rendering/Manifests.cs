using k8s;
using k8s.Models;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Infra.Tests.Rendering;

/// <summary>Rendered objects as KubernetesClient's models, which refuse a field they don't know.</summary>
internal sealed class Manifests
{
    private static readonly string[] Extensions = ["cert-manager.io/", "monitoring.coreos.com/"];

    private Manifests(string text)
    {
        Documents = [.. text.Split("\n---\n").Select(document => document.Trim() + "\n")];
        Objects = KubernetesYaml.LoadAllFromString(string.Join("---\n", Documents.Where(document => !IsExtension(document))), null, strict: true);
    }

    public IReadOnlyList<string> Documents { get; }

    /// <summary>All but those of kinds that the cluster learns from a CustomResourceDefinition.</summary>
    public List<object> Objects { get; }

    /// <summary>The entry for pods of labelled namespaces.</summary>
    public V1MutatingWebhook Mutating => MutatingEntry("mutate");

    /// <summary>The entry for new pods of labelled namespaces.</summary>
    public V1ValidatingWebhook Validating => ValidatingEntry("validate");

    public V1MutatingWebhook MutatingEntry(string name) =>
        Assert.Single(One<V1MutatingWebhookConfiguration>().Webhooks, webhook => webhook.Name == $"{name}.{LxcfsNames.Prefix}");

    public V1ValidatingWebhook ValidatingEntry(string name) =>
        Assert.Single(One<V1ValidatingWebhookConfiguration>().Webhooks, webhook => webhook.Name == $"{name}.{LxcfsNames.Prefix}");

    public static Manifests Load(string text) => new(text);

    public T One<T>() => Assert.Single(Objects.OfType<T>());

    public T Named<T>(string name) where T : IKubernetesObject<V1ObjectMeta> =>
        Assert.Single(Objects.OfType<T>(), item => item.Name() == name);

    /// <summary>A document of a kind that KubernetesClient has no model for, as plain maps and lists.</summary>
    public Dictionary<string, object> Extension(string kind, string name) => Assert.Single(
        Documents.Where(IsExtension).Select(document => KubernetesYaml.Deserialize<Dictionary<string, object>>(document)),
        item => (string)item["kind"] == kind && (string)((Dictionary<object, object>)item["metadata"])["name"] == name);

    private static bool IsExtension(string document) =>
        Extensions.Any(group => document.StartsWith($"apiVersion: {group}", StringComparison.Ordinal));
}
