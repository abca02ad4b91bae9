using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile.Hour;

/// <summary>What nobody but the node may change, as it is at a moment.</summary>
internal sealed record Canaries(IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> Mounts, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>They change by themselves, or by what every container does.</summary>
    private static readonly string[] Restless =
    [
        "/proc/sys/kernel/ns_last_pid", "/proc/sys/kernel/random", "/proc/sys/fs/binfmt_misc", "/proc/sys/vm/drop_caches",
        // The kernel lowers the first by itself on a slow machine, and writes down in the others what it has warned of.
        "/proc/sys/kernel/perf_event_max_sample_rate", "/proc/sys/kernel/hung_task_warnings", "/proc/sys/kernel/hung_task_detect_count", "/proc/sys/kernel/tainted",
    ];

    public static Canaries Of(Node node) => new(
        Read("/proc/sys").Where(file => !Restless.Any(file.Key.StartsWith)).ToDictionary(),
        // LXCFS is another after each death, and each container has a root while it lives.
        [.. Mount.Of(node.Pid).Where(mount => !mount.IsLxcfs && !mount.Target.StartsWith("/run/containerd/", StringComparison.Ordinal)).Select(mount => $"{mount with { Id = 0 }}").Order(StringComparer.Ordinal)],
        Read(Plant(node)).ToDictionary());

    /// <summary>All that is not as it was, one line each.</summary>
    public IReadOnlyList<string> ChangedSince(Canaries before) =>
    [
        .. Changed(before.Settings, Settings), .. Changed(before.Files, Files),
        .. Mounts.Except(before.Mounts).Select(mount => $"new: {mount}"), .. before.Mounts.Except(Mounts).Select(mount => $"gone: {mount}"),
    ];

    /// <summary>Files of the node's beside LXCFS, as other programs have there.</summary>
    private static string Plant(Node node)
    {
        var folder = Path.Combine(node.Parent, "canaries");
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(Path.Combine(folder, "proc"));
            foreach (var name in (string[])["shadow", "proc/meminfo", "proc/sys"])
                File.WriteAllText(Path.Combine(folder, name), $"the node's {name}");
        }

        return folder;
    }

    private static IEnumerable<string> Changed(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> now) => before
        .Where(item => now.GetValueOrDefault(item.Key) != item.Value).Select(item => $"{item.Key} was {item.Value}, is {now.GetValueOrDefault(item.Key)}");

    private static IEnumerable<KeyValuePair<string, string>> Read(string folder)
    {
        const UnixFileMode both = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => (file.UnixFileMode & both) == both))
        {
            string text;
            try
            {
                text = File.ReadAllText(file.FullName).TrimEnd();
            }
            catch (IOException)
            {
                // Some can't be read where there is nothing that they set.
                continue;
            }
            catch (UnauthorizedAccessException)
            {
                continue;
            }

            yield return new(file.FullName, text);
        }
    }
}
