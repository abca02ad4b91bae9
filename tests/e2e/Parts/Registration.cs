using System.Text;
using LxcfsFunctions.Infra.Tests.Cluster;
using LxcfsFunctions.Infra.Tests.Rendering;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>An overlay as kubectl renders it, for one host and its token.</summary>
internal sealed class Registration
{
    private static readonly string[] Kinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

    private Registration(IReadOnlyList<string> documents) => Documents = documents;

    public IReadOnlyList<string> Documents { get; }

    /// <summary>For kubectl's standard input.</summary>
    public string Text => string.Join("---\n", Documents);

    /// <summary>The two registrations alone, for a cluster whose nodes are not the tests'.</summary>
    public Registration Webhooks =>
        new([.. Documents.Where(document => Kinds.Any(kind => document.Contains($"\nkind: {kind}", StringComparison.Ordinal)))]);

    public static async Task<Registration> RenderAsync(string overlay, string host, string token, params string[] components)
    {
        using var kustomization = new Kustomization(host, token);
        return new([.. Manifests.Load(await kustomization.RenderAsync(overlay, components)).Documents.Select(OldApiServer.Adapt).OfType<string>()]);
    }

    /// <summary>Trusted by its authority alone, where the API server itself can't be told whom to trust.</summary>
    public Registration WithAuthority(Authority authority)
    {
        var bundle = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority.Pem));
        return new([.. Documents.Select(document => document.Replace("clientConfig:\n", $"clientConfig:\n    caBundle: {bundle}\n", StringComparison.Ordinal))]);
    }
}
