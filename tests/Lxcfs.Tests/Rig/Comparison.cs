using LxcfsFunctions.Lxcfs;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests.Rig;

/// <summary>Ours beside another build, file by file, over all shapes.</summary>
internal sealed class Comparison(Build other)
{
    /// <summary>Between the reads of two builds, at most; the node runs for longer.</summary>
    private static readonly double SecondsApart = Node.IsGuest ? 15 : 2;

    private readonly SortedDictionary<string, (int Same, List<Shape> Different)> _files = new(StringComparer.Ordinal);

    public Build Other { get; } = other;

    /// <summary>A line for each file.</summary>
    public IEnumerable<string> Lines => _files.Select(file =>
        $"{file.Key} is the same in {file.Value.Same}{string.Concat(file.Value.Different.Select(shape => $", differs in {Brief(shape)}"))}");

    /// <summary>Differences that nothing is known to make.</summary>
    public IEnumerable<string> Unexplained => _files.SelectMany(file => file.Value.Different.Where(shape => !IsKnown(file.Key, shape)).Select(shape => $"{file.Key}: {shape}"));

    public void Add(Shape shape, View ours, View theirs)
    {
        foreach (var path in LxcfsFile.All.Select(file => file.Path))
        {
            Note(path, shape, path switch
            {
                // What changes from one read to the next is compared by its form.
                "/proc/stat" => ours.StatProcessors == theirs.StatProcessors && Words(ours[path]) == Words(theirs[path]),
                "/proc/uptime" => Math.Abs(ours.Uptime - theirs.Uptime) < SecondsApart && Math.Abs(ours.Idle - theirs.Idle) < SecondsApart,
                "/proc/loadavg" => ours[path].Split(' ').Length == theirs[path].Split(' ').Length,
                "/proc/diskstats" => Devices(ours[path]) == Devices(theirs[path]),
                _ => ours.Still(path) == theirs.Still(path),
            });
        }
    }

    private void Note(string path, Shape shape, bool same)
    {
        var (count, different) = _files.GetValueOrDefault(path, (0, []));
        if (!same)
            different.Add(shape);
        _files[path] = (same ? count + 1 : count, different);
    }

    /// <summary>6.0.4 does not see a parent's limit, and on cgroup v2 shows the node's processors in stat.</summary>
    private bool IsKnown(string path, Shape shape) => Other is Build.Packaged && (
        (path is "/proc/cpuinfo" or "/proc/stat" or "/sys/devices/system/cpu/online" && (shape.PodCpus is not null || shape is { Cpus: not null, Nested: > 0 }))
        || (path is "/proc/stat" or "/proc/uptime" && Node.IsCgroup2));

    private static string Words(string text) => string.Join(' ', text.Split('\n').Select(line => line.Split(' ')[0]));

    private static string Devices(string text) => string.Join(' ', text.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(3))));

    private static string Brief(Shape shape) => string.Join(' ', $"{shape}".Split((char[])['{', '}', ','], StringSplitOptions.TrimEntries)
        .Where(part => part.Contains('=', StringComparison.Ordinal) && !part.EndsWith("= ", StringComparison.Ordinal) && !part.EndsWith('=') && part != "Nested = 0"));
}
