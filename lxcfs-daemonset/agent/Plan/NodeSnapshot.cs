using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Plan;

/// <summary>Everything that the next plan goes by, as it was at one moment. A value: to look at it asks nobody anything.</summary>
internal sealed record NodeSnapshot
{
    /// <summary>A clock that never goes back.</summary>
    public TimeSpan Now { get; init; }

    public Phase Phase { get; init; }

    /// <summary>When the phase began.</summary>
    public TimeSpan PhaseSince { get; init; }

    /// <summary>Whether the agent was told to stop.</summary>
    public bool StopRequested { get; init; }

    /// <summary>When it was told so.</summary>
    public TimeSpan StopSince { get; init; }

    /// <summary>What the kernel lacks that the agent can't do without; null where it has all of it.</summary>
    public string? KernelLacks { get; init; }

    public Agents Agents { get; init; } = new();

    /// <summary>The LXCFS of this agent; null where none runs.</summary>
    public LxcfsState? Lxcfs { get; init; }

    /// <summary>The mount point of an LXCFS that a dead agent of this pod left running; null where there is none.</summary>
    public string? Adoptable { get; init; }

    /// <summary>From when on LXCFS may be started.</summary>
    public TimeSpan StartDue { get; init; }

    /// <summary>What kept LXCFS from serving last.</summary>
    public string? LastError { get; init; }

    /// <summary>Where pods' volumes point.</summary>
    public string Root { get; init; } = "";

    /// <summary>What is mounted at ROOT, the topmost last.</summary>
    public IReadOnlyList<NodeMount> AtRoot { get; init; } = [];

    /// <summary>Mounts of LXCFS below the agents' folder.</summary>
    public IReadOnlyList<NodeMount> AtMountPoints { get; init; } = [];

    /// <summary>Devices of LXCFS that this agent has seen at ROOT or below the agents' folder, as <see cref="KnownDevices"/> keeps them.</summary>
    public IReadOnlyCollection<string> Known { get; init; } = [];

    /// <summary>The folders that processes of LXCFS are or were mounted at.</summary>
    public IReadOnlyList<MountPoint> MountPoints { get; init; } = [];

    /// <summary>The node's containers; null where they were not looked at.</summary>
    public ContainerScan? Scan { get; init; }

    /// <summary>From when on the containers should be looked at.</summary>
    public TimeSpan ScanDue { get; init; }

    /// <summary>How often the containers are looked at when nothing happens (a setting).</summary>
    public TimeSpan ScanEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The processor time that the last look at the containers used.</summary>
    public TimeSpan ScanUsed { get; init; }

    /// <summary>What agents that were stopped took out of containers.</summary>
    public IReadOnlyList<WithdrawnContainer> Withdrawn { get; init; } = [];

    /// <summary>What failed, or keeps coming back, and from when on it may be tried again; by <see cref="NodeAction.Key"/>.</summary>
    public IReadOnlyDictionary<string, Retry> Retries { get; init; } = new Dictionary<string, Retry>();

    /// <summary>Whether a look found every container right since this agent owns the node with this LXCFS.</summary>
    public bool Repaired { get; init; }

    /// <summary>How many looks in a row found nobody on the LXCFS that is handed over.</summary>
    public int UnusedLooks { get; init; }

    /// <summary>Whether nothing forbids an action at this moment.</summary>
    public bool May(string key) => !Retries.TryGetValue(key, out var retry) || retry.Due <= Now;

    /// <summary>Whether an action may be tried at this moment, or after one of the short pauses that follow its first failures.</summary>
    public bool IsTriedSoon(string key) => !Retries.TryGetValue(key, out var retry) || (retry.Due <= Now + Timing.Soon && retry.Error != WorkerPool.Held);

    /// <summary>What an action failed for; null where it didn't.</summary>
    public string? ErrorOf(string key) => Retries.TryGetValue(key, out var retry) ? retry.Error : null;
}

/// <summary>When something may be tried again, and what it failed for.</summary>
internal sealed record Retry(TimeSpan Due, string Error)
{
    /// <summary>Whether a name is a container's, told by its mount namespace, and no action's.</summary>
    public static bool IsContainers(string key) => key.StartsWith("mnt:", StringComparison.Ordinal);
}

/// <summary>The agents of the node, told apart by their generations: the higher, the newer.</summary>
/// <param name="Joined">Whether the agents' folder is there; a cleanup takes it away.</param>
/// <param name="Own">This agent's generation.</param>
/// <param name="Owner">The one that serves ROOT; 0 for nobody.</param>
/// <param name="Living">Those whose processes live, this one included.</param>
internal sealed record Agents(bool Joined = true, long Own = 1, long Owner = 0, IReadOnlyList<long>? Living = null)
{
    /// <summary>Those of the living of whom it could not be told whether they live.</summary>
    public IReadOnlyList<long> Unknown { get; init; } = [];

    public bool OthersLive => Living?.Any(generation => generation != Own) == true;

    public bool Owns => Owner == Own;

    /// <summary>Whether this agent may take the node: its owner is dead, gave up, or is older.</summary>
    public bool MayClaim => !Owns && (Owner < Own || Living?.Contains(Owner) != true);

    public bool Lives(long generation) => Living?.Contains(generation) == true;
}

/// <summary>How an LXCFS fares.</summary>
internal enum LxcfsHealth
{
    /// <summary>It has not answered right yet, and may still.</summary>
    Starting,

    /// <summary>It answers, and what it answered was right.</summary>
    Right,

    /// <summary>It did not come to right answers.</summary>
    Wrong,

    /// <summary>It owes an answer, and does nothing.</summary>
    Hung,

    /// <summary>Its process has ended.</summary>
    Ended,
}

/// <summary>The LXCFS of this agent.</summary>
/// <param name="MountPoint">Where it is mounted, a folder of its own.</param>
/// <param name="Device">The device number of its mount, such as <c>0:53</c>; null before it is mounted.</param>
/// <param name="Error">What is wrong with it, and how to fix it.</param>
internal sealed record LxcfsState(int Pid, string MountPoint, LxcfsHealth Health, string? Device = null, string? Error = null);

/// <summary>A mount of the node, as the agent sees it.</summary>
internal sealed record NodeMount(string Target, string Device, bool IsLxcfs);

/// <summary>A folder for the mount of a process of LXCFS.</summary>
/// <param name="Generation">The agent that it belongs to.</param>
internal sealed record MountPoint(string Path, long Generation);
