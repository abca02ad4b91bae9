namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>An admission plugin that an API server has and does not use by default.</summary>
/// <param name="Manifest">What it goes by, for <c>kubectl apply</c>.</param>
internal sealed record AdmissionPlugin(string Name, string Manifest)
{
    public IReadOnlyList<string> Arguments => [$"--enable-admission-plugins={Name}"];
}
