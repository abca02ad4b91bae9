namespace LxcfsAgent.Nri;

/// <summary>What is to be changed in a container that is made.</summary>
/// <param name="Mounts">Added; one with the destination of another one takes its place.</param>
/// <param name="Replaced">Destinations whose mounts go away before, another plugin's too.</param>
/// <param name="Error">Where it is not null the container is not made: the kubelet shows the text, and tries again.</param>
internal sealed record NriAdjustment(IReadOnlyList<NriMount> Mounts, IReadOnlyList<string> Replaced, string? Error)
{
    public static readonly NriAdjustment None = new([], [], null);
}
