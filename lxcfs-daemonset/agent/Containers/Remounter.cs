using System.ComponentModel;
using LxcfsAgent.Native;

namespace LxcfsAgent.Containers;

/// <summary>What one pass over the containers of the node came to.</summary>
/// <param name="Containers">How many have files of LXCFS.</param>
/// <param name="Stale">How many files were found stale.</param>
/// <param name="Mended">How many of these are healthy now.</param>
/// <param name="Faults">What could not be mended, and why; the next pass tries again.</param>
internal sealed record Pass(int Containers, int Stale, int Mended, IReadOnlyList<string> Faults)
{
    /// <summary>What was taken out of containers.</summary>
    public List<WithdrawnContainer> Withdrawn { get; init; } = [];
}

/// <summary>
/// Gives containers the files of the LXCFS that lives, without any help from inside them: a container may hold nothing but
/// one static binary, and to run its own <c>mount</c> with the node's rights would be a way out of it.
/// </summary>
internal static class Remounter
{
    /// <summary>Moves every stale file of every container to the files served.</summary>
    public static Pass Mend(IReadOnlyList<Container> containers, ServedFiles served, Devices devices)
    {
        var stale = containers
            .Select(container => (Container: container, Files: FilesOf(container, devices, FileState.Stale)))
            .Where(pair => pair.Files.Count > 0).ToList();
        if (stale.Count == 0)
            return new(containers.Count, 0, 0, []);
        return MountNamespace.Roam(() =>
        {
            using var home = Descriptor.Open("/proc/thread-self/ns/mnt", Libc.ORdonly);
            var mended = 0;
            var faults = new List<string>();
            foreach (var (container, files) in stale)
                mended += Mend(container, files, served, home, faults);
            return new Pass(containers.Count, stale.Sum(pair => pair.Files.Count), mended, faults);
        });
    }

    /// <summary>Takes every file of ours out of every container, so that the kernel's own show again.</summary>
    public static Pass Withdraw(IReadOnlyList<Container> containers, Devices devices)
    {
        var served = containers
            .Select(container => (Container: container, Files: FilesOf(container, devices, FileState.Healthy, FileState.Stale)))
            .Where(pair => pair.Files.Count > 0).ToList();
        return MountNamespace.Roam(() =>
        {
            var faults = new List<string>();
            var withdrawn = served.Where(pair => Withdraw(pair.Container, pair.Files, faults)).ToList();
            return new Pass(containers.Count, served.Sum(pair => pair.Files.Count), withdrawn.Sum(pair => pair.Files.Count), faults)
            {
                Withdrawn = withdrawn.ConvertAll(pair => new WithdrawnContainer(
                    pair.Container.Id, pair.Container.Pid, pair.Container.Started, [.. pair.Files.Select(file => new WithdrawnFile(file.Path, file.Target))])),
            };
        });
    }

    /// <summary>Gives back what <see cref="Withdraw(IReadOnlyList{Container}, Devices)"/> took.</summary>
    /// <returns>How many files are back.</returns>
    public static int Restore(IReadOnlyList<(Container Container, IReadOnlyList<WithdrawnFile> Files)> withdrawn, ServedFiles served) =>
        withdrawn.Count == 0 ? 0 : MountNamespace.Roam(() =>
        {
            using var home = Descriptor.Open("/proc/thread-self/ns/mnt", Libc.ORdonly);
            return withdrawn.Sum(pair => Restore(pair.Container, pair.Files, served, home));
        });

    private static int Restore(Container container, IReadOnlyList<WithdrawnFile> files, ServedFiles served, Descriptor home)
    {
        var restored = 0;
        var mounts = container.Mounts;
        foreach (var file in files.Where(file => !mounts.Any(mount => mount.Target == file.Target)))
        {
            using var clone = served.Clone(file.Path);
            if (clone is null)
                continue;
            try
            {
                MountNamespace.Enter(container.MountNamespace);
                Mounts.Attach(clone, file.Target);
                restored++;
            }
            catch (Win32Exception)
            {
                // The container ended, or removed the file's place.
            }
            finally
            {
                MountNamespace.Enter(home);
            }
        }

        return restored;
    }

    private static bool Withdraw(Container container, List<ViewedFile> files, List<string> faults)
    {
        try
        {
            MountNamespace.Enter(container.MountNamespace);
            files.ForEach(file => Uncover(file.Target, file.Layers));
            return true;
        }
        catch (Win32Exception exception)
        {
            Note(container, exception, faults);
            return false;
        }
    }

    private static List<ViewedFile> FilesOf(Container container, Devices devices, params FileState[] states) =>
        [.. View.Of(container.Mounts, devices.Judging(container)).Where(file => states.Contains(file.State))];

    private static int Mend(Container container, List<ViewedFile> files, ServedFiles served, Descriptor home, List<string> faults)
    {
        var clones = files.ConvertAll(file => served.Clone(file.Path));
        try
        {
            MountNamespace.Enter(container.MountNamespace);
            // Since the look, the container or another agent may have changed them.
            var mounts = container.Mounts;
            var mended = 0;
            foreach (var (file, clone) in files.Zip(clones).Where(pair => View.IsUnchanged(mounts, pair.First)))
            {
                // All but the lowest go first, so that nothing is left below.
                Uncover(file.Target, clone is null ? file.Layers : file.Layers - 1);
                if (clone is not null)
                    Mounts.Replace(clone, file.Target);
                mended++;
            }

            return mended;
        }
        catch (Win32Exception exception)
        {
            Note(container, exception, faults);
            return 0;
        }
        finally
        {
            MountNamespace.Enter(home);
            clones.ForEach(clone => clone?.Dispose());
        }
    }

    /// <summary>A container that has ended meanwhile needs nothing.</summary>
    private static void Note(Container container, Win32Exception exception, List<string> faults)
    {
        if (container.Mounts.Count > 0)
            faults.Add($"{container.Id} (process {container.Pid}): {exception.Message}");
    }

    private static void Uncover(string target, int layers)
    {
        for (var i = 0; i < layers; i++)
            Mounts.Detach(target);
    }
}
