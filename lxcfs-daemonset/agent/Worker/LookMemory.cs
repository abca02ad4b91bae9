using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// What looks have shown of namespaces where nothing has to be done, for as long as each has the same mounts. One that was moved is not noticed:
/// what a container that may do so hides or shows of its own by that is seen once LXCFS is another one, or by whoever asks for details.
/// </summary>
internal sealed class LookMemory
{
    /// <summary>Mounts that are remembered in all, in some megabytes. What tenants have beyond that is looked at each time.</summary>
    public const int Most = 1 << 17;

    /// <summary>What is remembered beside the mounts takes as much as so many of them.</summary>
    public const int Each = 32;

    private readonly Lock _lock = new();
    private Dictionary<ulong, (MountList List, Sight Sight)> _before = [];
    private Dictionary<ulong, (MountList List, Sight Sight)> _now = [];
    private (string? Live, string NodeFolder) _for;
    private int _mounts;

    /// <summary>Begins a scan: what the one before has not met again is forgotten, and everything where this one asks for something else.</summary>
    public void Begin(ScanRequest request)
    {
        lock (_lock)
        {
            var asked = (request.Live, request.NodeFolder);
            (_before, _now, _for, _mounts) = (asked == _for ? _now : [], [], asked, 0);
        }
    }

    /// <returns>Null where it has to be looked at.</returns>
    public Sight? Find(MountList list)
    {
        lock (_lock)
        {
            if (!_before.TryGetValue(list.Namespace, out var before) || !before.List.Is(list))
                return null;
            Keep(list, before.Sight);
            return before.Sight;
        }
    }

    /// <param name="list">Of before the look: what came during it then makes another one necessary.</param>
    public void Note(MountList list, Sight sight)
    {
        if (sight is not { IsGone: false, Unreadable: null, TooLong: null, Container: null or { Files: null or { Count: 0 }, OtherTargets: 0 } })
            return;
        lock (_lock)
            Keep(list, sight);
    }

    private void Keep(MountList list, Sight sight)
    {
        if (_mounts + Each + list.Count > Most || !_now.TryAdd(list.Namespace, (list, sight)))
            return;
        _mounts += Each + list.Count;
    }
}
