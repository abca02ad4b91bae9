using LxcfsAgent.Worker;

namespace LxcfsAgent.Delivery;

/// <summary>
/// The containers that the node brought files and that have user namespaces of their own, as long as the process lives that the runtime has
/// named: these alone are entered. For several threads.
/// </summary>
internal sealed class NamedNamespaces : IDisposable
{
    /// <summary>Each holds a descriptor.</summary>
    private const int Most = 2000;

    private readonly Lock _sync = new();
    private readonly Dictionary<string, NamedContainer> _containers = [];

    /// <summary>Grows with each change.</summary>
    public int Changes { get; private set; }

    public IReadOnlyList<NamedNamespace> All
    {
        get
        {
            lock (_sync)
            {
                foreach (var over in _containers.Where(container => container.Value.IsOver).Select(container => container.Key).ToList())
                    Remove(over);
                return [.. _containers.Values.Select(container => container.Named!)];
            }
        }
    }

    /// <summary>Takes the container, which is disposed of here.</summary>
    /// <returns>Whether it will be repaired: there is room for it, or it needs none.</returns>
    public bool Take(string id, NamedContainer container)
    {
        lock (_sync)
        {
            Remove(id);
            if (container.Named is not null && _containers.Count < Most)
            {
                _containers[id] = container;
                Changes++;
                return true;
            }
        }

        container.Dispose();
        return container.Named is null;
    }

    public void Dispose()
    {
        lock (_sync)
        {
            foreach (var id in _containers.Keys.ToList())
                Remove(id);
        }
    }

    private void Remove(string id)
    {
        if (!_containers.Remove(id, out var container))
            return;
        container.Dispose();
        Changes++;
    }
}
