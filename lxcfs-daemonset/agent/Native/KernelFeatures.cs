namespace LxcfsAgent.Native;

/// <summary>What an agent can do on its node's kernel.</summary>
internal enum KernelSupport
{
    Full,

    /// <summary>Mounts get their attributes by mount(2) after they were made.</summary>
    WithoutAttributes,

    /// <summary>Nothing: LXCFS is not started.</summary>
    Unsupported,
}

/// <summary>A system call that the agent uses.</summary>
/// <param name="Name">Its name, with what is asked of it.</param>
/// <param name="Since">The kernel version that first has it.</param>
/// <param name="State">What this kernel says.</param>
/// <param name="Without">What happens where it is missing; null where nothing works without it.</param>
internal sealed record KernelCall(string Name, string Since, CallState State, string? Without);

/// <summary>Which of the newer system calls this node's kernel has, and what follows from it. A kernel's version alone does not tell: distributions bring calls back to older ones.</summary>
/// <param name="Version">As uname -r says it.</param>
internal sealed record KernelFeatures(string Version, IReadOnlyList<KernelCall> Calls)
{
    private const string Attributes = "mount_setattr";
    private const string BeneathName = "move_mount with MOVE_MOUNT_BENEATH";

    /// <summary>Asks this node's kernel.</summary>
    public static KernelFeatures Probe() => Of(
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        KernelCalls.OpenTree(),
        KernelCalls.MoveMount(),
        KernelCalls.MountSetAttr(),
        KernelCalls.MoveMountBeneath(),
        KernelCalls.PidFdOpen());

    public static KernelFeatures Of(
        string version, CallState openTree, CallState moveMount, CallState mountSetAttr, CallState beneath, CallState pidFdOpen) => new(
        version,
        [
            new("open_tree", "5.2", openTree, null),
            new("move_mount", "5.2", moveMount, null),
            new("pidfd_open", "5.3", pidFdOpen, null),
            new(Attributes, "5.12", mountSetAttr, "a mount gets its attributes by mount(2) instead"),
            new(BeneathName, "6.5", beneath, "a file is detached before its new mount is attached, and the node's own shows for a moment between"),
        ]);

    /// <summary>Whether a mount can be put beneath another.</summary>
    public bool CanPutBeneath => Has(BeneathName);

    public KernelSupport Support =>
        Calls.Any(call => call is { Without: null, State: not CallState.Present }) ? KernelSupport.Unsupported
        : Has(Attributes) ? KernelSupport.Full
        : KernelSupport.WithoutAttributes;

    /// <summary>For the log and the probe; null unless <see cref="KernelSupport.Unsupported"/>.</summary>
    public string? Reason
    {
        get
        {
            var missing = Calls.Where(call => call is { Without: null, State: not CallState.Present }).ToList();
            if (missing.Count == 0)
                return null;
            var names = string.Join(", ", missing.Select(call => call.Name));
            return missing.Exists(call => call.State == CallState.Refused)
                ? $"this process may not call {names}; the agent's container must be privileged (privileged: true)"
                : $"this node's kernel {Version} lacks {names}; LXCFS is not started here: Linux {missing.MaxBy(call => System.Version.Parse(call.Since))!.Since} or later is needed";
        }
    }

    /// <summary>One sentence for each call that is missed but not needed.</summary>
    public IEnumerable<string> Lacks => Calls
        .Where(call => call is { Without: not null, State: not CallState.Present })
        .Select(call => $"This node's kernel {Version} {(call.State == CallState.Absent ? "lacks" : "refuses")} {call.Name} (Linux {call.Since}): {call.Without}");

    private bool Has(string name) => Calls.Any(call => call.Name == name && call.State == CallState.Present);
}
