using System.ComponentModel;
using LxcfsAgent.Native;

namespace LxcfsAgent.Containers;

/// <summary>Takes LXCFS out of containers, so that the kernel's own files show again, and gives it back to them.</summary>
internal static class Withdrawal
{
    /// <summary>Takes every mount of LXCFS away from the files found.</summary>
    /// <param name="patience">How long to wait for the readers of each container.</param>
    public static Pass Take(IReadOnlyList<Finding> findings, TimeSpan patience) => Pass.Over(findings, (roamer, finding) =>
        roamer.In(finding.Container.MountNamespace, () =>
        {
            var mounts = finding.Container.Mounts;
            var files = finding.Files.Where(file => View.IsUnchanged(mounts, file)).ToList();
            Mounts.Remove(files.SelectMany(file => Enumerable.Repeat(file.Target, file.Layers)), patience);
            return files.Count;
        }));

    /// <summary>What to keep of a finding for as long as the container is without its files.</summary>
    public static WithdrawnContainer Record(Finding finding) => new(
        finding.Container.Id,
        finding.Container.Pid,
        finding.Container.Started,
        [.. finding.Files.Select(file => new WithdrawnFile(file.Path, file.Target))]);

    /// <summary>Mounts files where they were taken away, except where something is mounted by now.</summary>
    /// <returns>What could not be given back.</returns>
    public static List<WithdrawnContainer> GiveBack(IReadOnlyList<(Container Container, WithdrawnContainer Record)> withdrawn, ServedFiles served)
    {
        var left = new List<WithdrawnContainer>();
        MountNamespace.Roam(threads: 1, roamer => left.AddRange(withdrawn
            .Select(pair => pair.Record with { Files = GiveBack(roamer, pair.Container, pair.Record.Files, served) })
            .Where(record => record.Files.Count > 0)));
        return left;
    }

    private static List<WithdrawnFile> GiveBack(
        MountNamespace.Roamer roamer, Container container, IReadOnlyList<WithdrawnFile> files, ServedFiles served)
    {
        var mounts = container.Mounts;
        return [.. files.Where(file => !mounts.Any(mount => mount.Target == file.Target) && !IsGivenBack(roamer, container, file, served))];
    }

    private static bool IsGivenBack(MountNamespace.Roamer roamer, Container container, WithdrawnFile file, ServedFiles served)
    {
        using var clone = served.Clone(file.Path);
        if (clone is null)
            return false;
        try
        {
            return roamer.In(container.MountNamespace, () =>
            {
                Mounts.Attach(clone, file.Target);
                return true;
            });
        }
        catch (Win32Exception)
        {
            // The container has ended, or removed the file's place.
            return false;
        }
    }
}
