using LxcfsAgent.Native;

namespace LxcfsAgent.Containers;

/// <summary>
/// Gives containers the files of the LXCFS that lives, without any help from inside them: a container may hold nothing but
/// one static binary, and to run its own <c>mount</c> with the node's rights would be a way out of it.
/// </summary>
internal static class Remounter
{
    /// <summary>
    /// How long to wait for readers of the old file to be done: where an upgrade takes the containers over, the old LXCFS may end
    /// as soon as that is over. Many times what a read takes; some programs never close what they have opened.
    /// </summary>
    private static readonly TimeSpan Reading = TimeSpan.FromMilliseconds(50);

    /// <summary>Moves stale files to the ones served.</summary>
    public static Pass Mend(IReadOnlyList<Finding> stale, ServedFiles served) => Pass.Over(stale, (roamer, finding) =>
    {
        // Made here, as open_tree can't clone from one namespace into another.
        var clones = finding.Files.Select(file => served.Clone(file.Path)).ToList();
        try
        {
            return roamer.In(finding.Container.MountNamespace, () => Mend(finding, clones));
        }
        finally
        {
            clones.ForEach(clone => clone?.Dispose());
        }
    });

    private static int Mend(Finding finding, List<Descriptor?> clones)
    {
        // Since the look, the container or another agent may have changed them.
        var mounts = finding.Container.Mounts;
        var mended = 0;
        foreach (var (file, clone) in finding.Files.Zip(clones).Where(pair => View.IsUnchanged(mounts, pair.First)))
        {
            // All but the lowest go first, so that nothing is left below.
            Mounts.Detach(file.Target, clone is null ? file.Layers : file.Layers - 1);
            if (clone is not null)
                Mounts.Replace(clone, file.Target, Reading);
            mended++;
        }

        return mended;
    }
}
