using System.Globalization;
using LxcfsAgent.Native;

namespace LxcfsAgent.State;

/// <summary>
/// What the agents of a node share: a folder beside ROOT with small files, each a number, changed under one lock. Whatever else lies in
/// it is ignored: a file system may have put it there, or a person.
/// </summary>
/// <param name="path">Beside ROOT, on the node.</param>
/// <param name="said">Is told what can't be read, and where it was put.</param>
internal sealed class StateFolder(string path, Action<string> said)
{
    /// <summary>The generation given last.</summary>
    public const string Last = "generation";

    /// <summary>The generation that serves ROOT; 0 for nobody.</summary>
    public const string Owner = "owner";

    /// <summary>How many processes of LXCFS have been started.</summary>
    public const string Starts = "starts";

    private const string Instances = "instances";
    private const string LeaseFolder = "leases";
    private const string Mounts = "mounts";

    /// <summary>Bytes of the longest number, and some.</summary>
    private const int LongestNumber = 64;

    /// <summary>How long an agent waits for others that hold the lock; they do for milliseconds.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);

    public string Path => path;

    /// <summary>What agents that were stopped took out of containers.</summary>
    public string WithdrawnFile => $"{path}/withdrawn.json";

    /// <summary>Room for that file on a disk that is full by then.</summary>
    public string ReserveFile => $"{path}/reserve";

    public bool Exists => Directory.Exists(path);

    /// <summary>The file that holds an instance's generation.</summary>
    public static string Instance(string name) => $"{Instances}/{Uri.EscapeDataString(name)}";

    public void Create()
    {
        foreach (var folder in (string[])[Instances, LeaseFolder, Mounts])
        {
            if (File.Exists($"{path}/{folder}"))
                PutAside($"{path}/{folder}", "it is no folder");
            Directory.CreateDirectory($"{path}/{folder}");
        }
    }

    /// <exception cref="IOException">Somebody holds it for longer than an agent does.</exception>
    public FileLock Lock()
    {
        if (Directory.Exists($"{path}/lock"))
            PutAside($"{path}/lock", "it is a folder");
        return FileLock.Take($"{path}/lock", LockPatience);
    }

    /// <summary>0 where the file isn't there. What is there and holds no number is put aside.</summary>
    public long ReadNumber(string name)
    {
        var file = $"{path}/{name}";
        if (Directory.Exists(file))
            PutAside(file, "it is a folder");
        if (Text(file, LongestNumber) is not { } text)
            return 0;
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= 0)
            return number;
        PutAside(file, "it holds no number");
        return 0;
    }

    /// <summary>Moves away what is in the way, so that somebody may look at it; what was there before makes room.</summary>
    public void PutAside(string file, string reason)
    {
        var aside = file + ".bad";
        // Never with what is in it: something may be mounted there.
        if (Directory.Exists(aside) && Libc.RmDir(aside) != 0)
            aside = string.Create(CultureInfo.InvariantCulture, $"{file}.{DateTime.UtcNow.Ticks}.bad");
        if (Directory.Exists(file))
            Directory.Move(file, aside);
        else
            File.Move(file, aside, overwrite: true);
        said($"{file} can't be used, since {reason}. It is now {aside}");
    }

    /// <summary>Whole or not at all, whenever the writer dies.</summary>
    public void WriteNumber(string name, long number)
    {
        var file = $"{path}/{name}";
        File.WriteAllText(file + "~", number.ToString(CultureInfo.InvariantCulture));
        File.Move(file + "~", file, overwrite: true);
    }

    /// <summary>Null while its holder lives.</summary>
    public FileLock? TryLease(long generation) => FileLock.TryTake($"{path}/{LeaseFolder}/{generation}");

    /// <exception cref="System.ComponentModel.Win32Exception">That can't be told.</exception>
    public bool IsLeased(long generation) => FileLock.IsHeld($"{path}/{LeaseFolder}/{generation}");

    public IEnumerable<long> Leases() => Names(LeaseFolder, Directory.EnumerateFiles).Select(NumberOf).OfType<long>();

    /// <summary>Removes what was kept of instances with generations up to one, except of those that live.</summary>
    public void Forget(long last)
    {
        foreach (var generation in Leases().Where(generation => generation <= last).ToList())
        {
            using var lease = TryLease(generation);
            if (lease is not null)
                File.Delete($"{path}/{LeaseFolder}/{generation}");
        }

        foreach (var name in Names(Instances, Directory.EnumerateFiles).ToList())
        {
            if (ReadNumber($"{Instances}/{name}") is var generation && generation <= last && !IsLeased(generation))
                File.Delete($"{path}/{Instances}/{name}");
        }
    }

    public string MountPoint(long generation, long start) => $"{path}/{Mounts}/{generation}-{start}";

    /// <summary>The mount points of processes of LXCFS, with the generation that each belongs to and the number of the start.</summary>
    public IEnumerable<(string MountPoint, long Generation, long Start)> MountPoints() =>
        from name in Names(Mounts, Directory.EnumerateDirectories)
        let numbers = name.Split('-')
        where numbers.Length == 2
        let generation = NumberOf(numbers[0])
        let start = NumberOf(numbers[1])
        where generation is not null && start is not null
        select ($"{path}/{Mounts}/{name}", generation.Value, start.Value);

    /// <summary>Where the process of LXCFS that serves a mount point writes its number.</summary>
    public static string PidFile(string mountPoint) => mountPoint + ".pid";

    /// <summary>That number; null where none is written. It may be another process's by now.</summary>
    public static int? PidOf(string mountPoint) =>
        int.TryParse(Text(PidFile(mountPoint), LongestNumber)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;

    /// <summary>
    /// Removes what agents put there, and nothing else. Never recursively: below a mount point that is still mounted LXCFS shows control
    /// groups, and to delete their folders would be to end them.
    /// </summary>
    public void Delete()
    {
        foreach (var (mountPoint, _, _) in MountPoints().ToList())
            MountPointFolder.Remove(mountPoint, said);
        foreach (var folder in (string[])[$"{path}/{Instances}", $"{path}/{LeaseFolder}", $"{path}/{Mounts}", path])
        {
            if (!Directory.Exists(folder))
                continue;
            foreach (var file in Directory.EnumerateFiles(folder))
                File.Delete(file);
            foreach (var aside in Directory.EnumerateDirectories(folder, "*.bad"))
                _ = Libc.RmDir(aside);
            _ = Libc.RmDir(folder);
        }
    }

    /// <summary>None where the folder is not there; one that can't be read is not taken for that.</summary>
    private IReadOnlyList<string> Names(string folder, Func<string, IEnumerable<string>> enumerate)
    {
        try
        {
            return [.. enumerate($"{path}/{folder}").Select(file => System.IO.Path.GetFileName(file))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Null where there is no such file, and empty for a longer one; one that can't be read is not taken for that.</summary>
    private static string? Text(string file, int longest)
    {
        try
        {
            return new FileInfo(file).Length <= longest ? File.ReadAllText(file) : "";
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static long? NumberOf(string name) =>
        long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
