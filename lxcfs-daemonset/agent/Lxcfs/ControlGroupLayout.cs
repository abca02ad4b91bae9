namespace LxcfsAgent.Lxcfs;

/// <summary>Where the control group that limits a process's memory is seen, by the texts of /proc/PID/cgroup and /proc/PID/mountinfo.</summary>
/// <param name="Mode">Which version limits memory; in hybrid mode mostly version 1.</param>
/// <param name="Top">The folder that the hierarchy, or what is seen of it, is mounted at.</param>
/// <param name="Group">The group below it: empty for the top itself, else with a slash first and none at its end.</param>
internal sealed record ControlGroupLayout(CgroupMode Mode, string Top, string Group)
{
    public string Folder => Top + Group;

    /// <summary>The group's own folder, then those of the groups around it, up to the top.</summary>
    public IEnumerable<string> Upwards
    {
        get
        {
            for (var group = Group; ; group = group[..group.LastIndexOf('/')])
            {
                yield return Top + group;
                if (group.Length == 0)
                    yield break;
            }
        }
    }

    /// <summary>The file of a group with its limit in bytes.</summary>
    public string LimitFile => Mode == CgroupMode.V1 ? "memory.limit_in_bytes" : "memory.max";

    /// <summary>The file of a group that counts, among other things, whom the kernel has ended for want of memory.</summary>
    public string EventsFile => Mode == CgroupMode.V1 ? "memory.oom_control" : "memory.events";

    /// <summary>This process's.</summary>
    public static ControlGroupLayout? OfSelf() => Find(File.ReadAllText("/proc/self/cgroup"), File.ReadAllText("/proc/self/mountinfo"));

    /// <summary>Null where no mount shows the group.</summary>
    public static ControlGroupLayout? Find(string cgroup, string mountInfo)
    {
        var groups = cgroup.Split('\n').Select(line => line.Split(':', 3)).Where(fields => fields.Length == 3).ToList();
        var mounts = mountInfo.Split('\n').Select(Mount.Parse).OfType<Mount>().ToList();
        if (groups.Find(fields => fields[1].Split(',').Contains("memory")) is { } v1)
            return Below(CgroupMode.V1, mounts.Where(mount => mount.Type == "cgroup" && mount.Options.Contains("memory")), v1[2]);
        return groups.Find(fields => fields is ["0", "", _]) is { } v2
            ? Below(CgroupMode.V2, mounts.Where(mount => mount.Type == "cgroup2"), v2[2])
            : null;
    }

    private static ControlGroupLayout? Below(CgroupMode mode, IEnumerable<Mount> mounts, string path)
    {
        foreach (var mount in mounts)
        {
            // A runtime may show a container its own group alone.
            var relative = mount.Root == "/" ? path
                : path == mount.Root || path.StartsWith(mount.Root + "/", StringComparison.Ordinal) ? path[mount.Root.Length..]
                : null;
            // Outside of the process's control group namespace.
            if (relative is not null && !relative.StartsWith("/..", StringComparison.Ordinal))
                return new(mode, mount.Target, relative.TrimEnd('/'));
        }

        return null;
    }

    private sealed record Mount(string Root, string Target, string Type, string[] Options)
    {
        /// <summary>Null for a line that has another shape.</summary>
        public static Mount? Parse(string line) =>
            line.Split(" - ", 2) is [var place, var kind] && place.Split(' ') is [_, _, _, var root, var target, ..] && kind.Split(' ') is [var type, _, var options]
                ? new(root, target, type, options.Split(','))
                : null;
    }
}
