namespace LxcfsAgent.Worker;

/// <summary>
/// The mounts of one namespace, as far as they decide what its files show. Pure: made from the text of a mountinfo file, in one pass,
/// and no longer than the table of files however long the text is.
/// </summary>
internal sealed class MountTable
{
    /// <summary>How many mounts at one path are looked at: a repair script or a tenant may stack them without end.</summary>
    public const int MostLayers = 64;

    /// <summary>How many paths are named as examples of mounts that are left alone.</summary>
    public const int MostExamples = 3;

    /// <summary>How many LXCFS of its own a namespace may have. Who mounts more has what he has of them replaced by the node's.</summary>
    public const int MostWhole = 1000;

    private static readonly byte[] SpacedLxcfs = [.. " "u8, .. "fuse.lxcfs"u8, .. " "u8];

    /// <summary>The paths of the table of files, and every folder on the way to them, as bytes.</summary>
    private static readonly Dictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> Watched = Paths();

    private readonly Dictionary<string, List<MountEntry>> _at = [];
    private readonly List<MountEntry> _others = [];

    private MountTable()
    {
    }

    /// <summary>How many mounts of LXCFS lie elsewhere than at the path of their file.</summary>
    public int OtherTargets { get; private set; }

    /// <summary>Some of these.</summary>
    public IReadOnlyList<MountEntry> Others => _others;

    /// <summary>Every LXCFS that is mounted as a whole.</summary>
    public List<MountEntry> Whole { get; } = [];

    /// <summary>Whether any file of LXCFS is at its path.</summary>
    public bool HasFiles { get; private set; }

    /// <summary>Whether any line may be of interest, at the price of a search.</summary>
    public static bool MentionsLxcfs(ReadOnlySpan<byte> text) => text.IndexOf(SpacedLxcfs) >= 0;

    public static MountTable Parse(ReadOnlySpan<byte> text)
    {
        var table = new MountTable();
        foreach (var range in text.Split((byte)'\n'))
        {
            if (MountLine.TryRead(text[range], out var line) && (line.Type.SequenceEqual("fuse.lxcfs"u8) || IsWatched(line.Target)))
                table.Add(line.ToEntry());
        }

        return table;
    }

    /// <summary>What the files of LXCFS in this namespace show, in the order of the table of files.</summary>
    public IEnumerable<FileFacts> Files() => FileIdentity.All.Select(FileAt).OfType<FileFacts>();

    /// <summary>
    /// The mounts that lie on each other where a path leads, the topmost last. As the kernel walks: at each folder on to the mount that
    /// is mounted on the one it came by. The order of the lines is no help, it tells age and not height.
    /// </summary>
    public IReadOnlyList<MountEntry> StackAt(string path)
    {
        var current = Climb("/", Bottom());
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
            current = Climb(path[..slash], current);
        var stack = new List<MountEntry>();
        while (stack.Count < MostLayers && On(path, current) is { } next)
        {
            stack.Add(next);
            current = next.Id;
        }

        return stack;
    }

    private FileFacts? FileAt(FileIdentity file)
    {
        if (!_at.TryGetValue(file.Target, out var entries) || entries.FirstOrDefault(IsFile) is not { } any)
            return null;
        var stack = StackAt(file.Target);
        if (!stack.Any(IsFile) || !IsKernels(stack[0].Parent))
            return new(file.Path, file.Target, FileLayer.Hidden, any.Id, any.Device);
        var top = stack[^1];
        return IsFile(top)
            ? new(file.Path, file.Target, FileLayer.Top, top.Id, top.Device, Below(stack))
            : new(file.Path, file.Target, FileLayer.Covered, top.Id, stack.Last(IsFile).Device);

        bool IsFile(MountEntry mount) => mount.IsLxcfs && mount.Root == file.Path;

        MountIdentity[]? Below(IReadOnlyList<MountEntry> stack) =>
            stack.Reverse().Skip(1).TakeWhile(IsFile).Select(mount => new MountIdentity(mount.Id, mount.Device)).ToArray() is { Length: > 0 } below ? below : null;
    }

    /// <summary>The mount that no other of the table is below: where the namespace begins.</summary>
    private int Bottom()
    {
        if (!_at.TryGetValue("/", out var roots))
            return 0;
        var ids = roots.Select(root => root.Id).ToHashSet();
        return roots.First(root => !ids.Contains(root.Parent) || root.Parent == root.Id).Id;
    }

    /// <summary>Whether a mount is of the kernel's own files. No worker walks another: a tenant's may never answer.</summary>
    private bool IsKernels(int mount) =>
        _at.Values.SelectMany(entries => entries).FirstOrDefault(entry => entry.Id == mount)?.Type is "proc" or "sysfs";

    private int Climb(string path, int from)
    {
        for (var layer = 0; layer < MostLayers && On(path, from) is { } next; layer++)
            from = next.Id;
        return from;
    }

    private MountEntry? On(string path, int parent) =>
        _at.TryGetValue(path, out var entries) ? entries.Find(entry => entry.Parent == parent && entry.Id != parent) : null;

    private void Add(MountEntry entry)
    {
        if (entry.IsWholeLxcfs && Whole.Count < MostWhole)
            Whole.Add(entry);
        if (Watched.ContainsKey(entry.Target))
        {
            var entries = _at.TryGetValue(entry.Target, out var there) ? there : _at[entry.Target] = [];
            if (entries.Count < MostLayers)
                entries.Add(entry);
        }

        if (!entry.IsLxcfs || entry.Root == "/")
            return;
        if (FileIdentity.IsOwnTarget(entry.Root, entry.Target))
        {
            HasFiles = true;
            return;
        }

        OtherTargets++;
        if (_others.Count < MostExamples)
            _others.Add(entry);
    }

    private static bool IsWatched(ReadOnlySpan<byte> target)
    {
        const int longest = 64;
        if (target.Length > longest)
            return false;
        Span<char> text = stackalloc char[longest];
        for (var i = 0; i < target.Length; i++)
            text[i] = (char)target[i];
        return Watched.ContainsKey(text[..target.Length]);
    }

    private static Dictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> Paths()
    {
        var paths = new Dictionary<string, bool> { ["/"] = true };
        foreach (var target in FileIdentity.All.Select(file => file.Target))
        {
            for (var path = target; path != "/"; path = Path.GetDirectoryName(path)!)
                paths[path] = true;
        }

        return paths.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
