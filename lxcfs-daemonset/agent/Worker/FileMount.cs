using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>A file would be lost if the worker died in between, and is not on record.</summary>
internal sealed class NotRecordedException : Exception;

/// <summary>
/// Changes what one file shows in the container that the calling thread is in. Acts on the mounts that were identified, by descriptor,
/// and on no others: what has changed since the scan is left for the next one.
/// </summary>
internal sealed class FileMount(ProcFolder proc, FileFacts file)
{
    private readonly string _name = Path.GetFileName(file.Target);

    /// <summary>What was found, from the top down.</summary>
    private readonly IReadOnlyList<MountIdentity> _found = [new(file.Mount, file.Device), .. file.Below ?? []];

    private string Folder => Path.GetDirectoryName(file.Target)!;

    /// <summary>Puts a mount in the place of the stale ones: beneath the last of them, so that no moment is without a file.</summary>
    /// <param name="mayDetachFirst">Whether it may be detached before the new mount is attached, where the kernel can do no better.</param>
    /// <returns>Whether the mount found is now covering the new one, and waits to be taken away; null where it is not there.</returns>
    /// <exception cref="NotRecordedException">The kernel can do no better, and that may not be.</exception>
    public bool? Replace(Descriptor replacement, bool mayDetachFirst)
    {
        using var folder = ContainerFolder.Open(Folder);
        using var lowest = Lowest(folder);
        if (lowest is null)
            return null;
        if (Mounts.PutBeneath(replacement, lowest))
            return true;
        if (!mayDetachFirst)
            throw new NotRecordedException();
        proc.Detach(lowest);
        using var below = folder.Top(_name);
        Mounts.Attach(replacement, below);
        return false;
    }

    /// <summary>Mounts the file where nothing is mounted.</summary>
    /// <returns>Whether nothing was.</returns>
    public bool Add(Descriptor addition)
    {
        using var folder = ContainerFolder.Open(Folder);
        using var there = folder.Top(_name);
        if (!IsKernels(there, folder))
            return false;
        Mounts.Attach(addition, there);
        return true;
    }

    /// <summary>Whether nothing is mounted there.</summary>
    public bool IsAbsent()
    {
        using var folder = ContainerFolder.Open(Folder);
        using var there = folder.Top(_name);
        return IsKernels(there, folder);
    }

    /// <summary>Takes away all of its mounts but the lowest, which <see cref="TryTakeAway"/> takes.</summary>
    /// <returns>Whether it is there to be taken away.</returns>
    public bool Uncover()
    {
        using var folder = ContainerFolder.Open(Folder);
        using var lowest = Lowest(folder);
        return lowest is not null;
    }

    /// <summary>Takes the lowest of its mounts away, if nobody uses it or nobody is to be waited for any more.</summary>
    /// <returns>Whether it is gone.</returns>
    public bool TryTakeAway(bool whoeverUsesIt)
    {
        using var folder = ContainerFolder.Open(Folder);
        using (var top = folder.Top(_name))
        {
            if (!proc.IsOn(top, _found[^1]))
                return true;
            if (whoeverUsesIt)
            {
                proc.Detach(top);
                return true;
            }
        }

        // By its name, since a descriptor of a mount counts as a use of it. Nothing but the mount just identified is there, or else it is used.
        folder.Enter();
        return Mounts.TryUnmountUnused(_name);
    }

    private bool IsKernels(Descriptor file, ContainerFolder folder) => proc.MountOf(file) == folder.MountIn(proc);

    /// <summary>Takes away all of its mounts but the lowest.</summary>
    /// <returns>That one; null where something else is topmost.</returns>
    private Descriptor? Lowest(ContainerFolder folder)
    {
        foreach (var layer in _found.SkipLast(1))
        {
            using var top = folder.Top(_name);
            if (!proc.IsOn(top, layer))
                return null;
            proc.Detach(top);
        }

        var lowest = folder.Top(_name);
        if (proc.IsOn(lowest, _found[^1]))
            return lowest;
        lowest.Dispose();
        return null;
    }
}
