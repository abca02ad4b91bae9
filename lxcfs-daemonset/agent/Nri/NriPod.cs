namespace LxcfsAgent.Nri;

/// <summary>A pod as the runtime knows it. All of it but the ids is text that a tenant chose.</summary>
/// <param name="Annotations">As they were when the sandbox was made; only those that are read here.</param>
/// <param name="RuntimeHandler">Empty for the runtime's default one.</param>
internal sealed record NriPod(
    string Id, string Name, string Uid, string Namespace, IReadOnlyDictionary<string, string> Annotations, string RuntimeHandler);
