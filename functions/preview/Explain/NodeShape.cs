namespace LxcfsFunctions.Explain;

/// <summary>The node that a container is imagined on.</summary>
/// <param name="Memory">Bytes.</param>
internal sealed record NodeShape(int Cpus, long Memory)
{
    /// <summary>A machine as those that a training cluster is built of.</summary>
    public static NodeShape Example { get; } = new(128, 512L << 30);
}
