using LxcfsAgent.Native;

namespace LxcfsAgent.Containers;

/// <summary>
/// Gives containers the files of the LXCFS that lives, without any help from inside them: a container may hold nothing but
/// one static binary, and to run its own <c>mount</c> with the node's rights would be a way out of it.
/// </summary>
internal static class Remounter
{
    /// <summary>
    /// How long a container's readers may take to be done with an LXCFS that ends once its files are moved or taken away. Many times
    /// what a read takes, also where processors are scarce; some programs never close what they have opened.
    /// </summary>
    public static readonly TimeSpan Reading = TimeSpan.FromMilliseconds(200);

    /// <summary>Moves stale files to the ones served.</summary>
    /// <param name="patience">How long to wait for the readers of each container.</param>
    public static Pass Mend(IReadOnlyList<Finding> stale, ServedFiles served, TimeSpan patience) => Pass.Over(stale, (roamer, finding) =>
    {
        // Made here, as open_tree can't clone from one namespace into another.
        var clones = finding.Files.Select(file => served.Clone(file.Path)).ToList();
        try
        {
            return roamer.In(finding.Container.MountNamespace, () => Mend(finding, clones, patience));
        }
        finally
        {
            clones.ForEach(clone => clone?.Dispose());
        }
    });

    private static int Mend(Finding finding, List<Descriptor?> clones, TimeSpan patience)
    {
        // Since the look, the container or another agent may have changed them.
        var mounts = finding.Container.Mounts;
        var (mended, covered) = (0, new List<string>());
        try
        {
            foreach (var (file, clone) in finding.Files.Zip(clones).Where(pair => View.IsUnchanged(mounts, pair.First)))
            {
                // All but the lowest go first, so that nothing is left below.
                Mounts.Detach(file.Target, clone is null ? file.Layers : file.Layers - 1);
                if (clone is not null && Mounts.PutBeneath(clone, file.Target))
                    covered.Add(file.Target);
                mended++;
            }
        }
        finally
        {
            Mounts.Remove(covered, patience);
        }

        return mended;
    }
}
