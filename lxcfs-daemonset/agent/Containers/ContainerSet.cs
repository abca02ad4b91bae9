namespace LxcfsAgent.Containers;

/// <summary>Containers that are held on to until they have been dealt with.</summary>
internal sealed class ContainerSet(IReadOnlyList<Container> all) : IDisposable
{
    public IReadOnlyList<Container> All => all;

    public void Dispose()
    {
        foreach (var container in all)
            container.Dispose();
    }
}
