using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>Mounts as objects that are made, moved and detached; all of them in the calling thread's mount namespace.</summary>
internal static unsafe class Mounts
{
    /// <summary>A new, unattached, private mount of what the descriptor shows.</summary>
    /// <param name="source">Opened with O_PATH in the calling thread's own namespace.</param>
    /// <param name="readOnly">Also without set-user-id, devices and programs, as a container should get it.</param>
    public static Descriptor Clone(Descriptor source, bool readOnly)
    {
        var tree = Descriptor.From(
            Libc.OpenTree(source.Number, "", Libc.OpenTreeClone | Libc.OCloexec | Libc.AtEmptyPath), "open_tree");
        var attributes = new Libc.MountAttr
        {
            AttrSet = readOnly ? Libc.MountAttrRdonly | Libc.MountAttrNosuid | Libc.MountAttrNodev | Libc.MountAttrNoexec : 0,
            // A clone joins its source's peers: what is unmounted below one would be unmounted below all.
            Propagation = Libc.MsPrivate,
        };
        if (Libc.MountSetAttr(tree.Number, &attributes) == 0)
            return tree;
        // Before Linux 5.12: then it stays its source's peer, which matters only for what is mounted below it.
        if (!readOnly && Marshal.GetLastPInvokeError() == Libc.Enosys)
            return tree;
        var failure = Descriptor.Failed("mount_setattr");
        tree.Dispose();
        throw failure;
    }

    /// <summary>As <see cref="Clone"/>, with the attributes of the mount that the descriptor is on.</summary>
    public static Descriptor CloneAsItIs(Descriptor source) => Descriptor.From(
        Libc.OpenTree(source.Number, "", Libc.OpenTreeClone | Libc.OCloexec | Libc.AtEmptyPath), "open_tree");

    /// <summary>
    /// Mounts a file at a path of the calling thread's own namespace, with a container's attributes and nobody's peer: the
    /// way of kernels before 5.12, which can't give attributes to a mount that is attached nowhere.
    /// </summary>
    public static void BindReadOnly(string source, string path)
    {
        Mount(source, path, Libc.MsBind);
        Mount(null, path, Libc.MsPrivate);
        Mount(null, path, Libc.MsRemount | Libc.MsBind | Libc.MsRdonly | Libc.MsNosuid | Libc.MsNodev | Libc.MsNoexec);
    }

    /// <summary>Has nothing that the calling thread's namespace does go on to others.</summary>
    public static void KeepToThisNamespace() => Mount(null, "/", Libc.MsRec | Libc.MsPrivate);

    /// <summary>Attaches a mount on top of what the descriptor shows.</summary>
    public static void Attach(Descriptor tree, Descriptor target)
    {
        if (Libc.MoveMount(tree.Number, target.Number, 0) != 0)
            throw Descriptor.Failed("move_mount");
    }

    /// <summary>Attaches a mount on top of whatever is at the target.</summary>
    public static void Attach(Descriptor tree, string target)
    {
        if (Libc.MoveMount(tree.Number, target, 0) != 0)
            throw Descriptor.Failed($"move_mount {target}");
    }

    /// <summary>Puts a mount beneath the one that the descriptor shows, so that no moment is without a file.</summary>
    /// <returns>
    /// Whether it could: kernels before 6.5 can't, and neither can any where propagation would put the mount over itself.
    /// </returns>
    public static bool PutBeneath(Descriptor tree, Descriptor top)
    {
        if (Libc.MoveMount(tree.Number, top.Number, Libc.MoveMountBeneath) == 0)
            return true;
        return Marshal.GetLastPInvokeError() is Libc.Einval or Libc.Enosys ? false : throw Descriptor.Failed("move_mount beneath");
    }

    /// <summary>
    /// Takes the topmost mount at a path away, also a dead or busy one. Never with MNT_FORCE: that aborts a living FUSE connection for
    /// everyone who uses it, even where it fails.
    /// </summary>
    /// <returns>Whether there was one: a process of LXCFS may unmount its own path meanwhile.</returns>
    public static bool TryDetach(string target) => Libc.Umount2(target, Libc.MntDetach | Libc.UmountNofollow) == 0;

    /// <summary>
    /// Takes the topmost mount at a path away if nobody has anything open on it or is on the way through it, in any namespace that it
    /// propagates to: whoever has found a file below a mount that is detached then can't mount the file any more, and so fails to start a
    /// container; and whoever has opened one can't read it any more once its LXCFS has ended.
    /// </summary>
    public static bool TryUnmountUnused(string target) => Libc.Umount2(target, Libc.UmountNofollow) == 0;

    private static void Mount(string? source, string target, ulong flags)
    {
        if (Libc.Mount(source, target, null, (nuint)flags, null) != 0)
            throw Descriptor.Failed($"mount {target}");
    }
}
