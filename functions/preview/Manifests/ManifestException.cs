using LxcfsFunctions.Admission;

namespace LxcfsFunctions.Manifests;

/// <summary>What is wrong with a manifest, and where.</summary>
internal sealed record ManifestError(int Line, int Column, string Field, Message Message);

/// <summary>A manifest that can't be read or changed.</summary>
internal sealed class ManifestException(ManifestError error) : Exception(error.Message.Text)
{
    public ManifestError Error { get; } = error;

    public static ManifestException At(Node node, string field, Message message) =>
        new(new(node.Span.Line, node.Span.Column + 1, field, message));
}
