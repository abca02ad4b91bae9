using System.ComponentModel;
using System.Diagnostics;
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
        var failure = Descriptor.Failed("mount_setattr");
        tree.Dispose();
        throw failure;
    }

    /// <summary>Attaches a mount on top of whatever is at the target.</summary>
    public static void Attach(Descriptor tree, string target)
    {
        if (Libc.MoveMount(tree.Number, target, 0) != 0)
            throw Descriptor.Failed($"move_mount {target}");
    }

    /// <summary>
    /// Puts a mount in the place of the topmost one at the target: beneath it first, so that no moment is without a file.
    /// Kernels before 6.5 can't, and neither can any where propagation would put the mount over itself; there, the old one
    /// is detached before the new one is attached.
    /// </summary>
    /// <param name="patience">How long to wait for those who use the old one.</param>
    public static void Replace(Descriptor tree, string target, TimeSpan patience)
    {
        if (PutBeneath(tree, target))
            Remove([target], patience);
    }

    /// <summary>As <see cref="Replace"/>, but leaves the old one to be removed.</summary>
    /// <returns>Whether it is still there, above the new one.</returns>
    public static bool PutBeneath(Descriptor tree, string target)
    {
        if (Libc.MoveMount(tree.Number, target, Libc.MoveMountBeneath) == 0)
            return true;
        if (Marshal.GetLastPInvokeError() is not (Libc.Einval or Libc.Enosys))
            throw Descriptor.Failed($"move_mount beneath {target}");
        Detach(target);
        Attach(tree, target);
        return false;
    }

    /// <summary>
    /// Takes the topmost mount at each target away as soon as nobody has anything open on it or is on the way through it, in any
    /// namespace that it propagates to: whoever has found a file below a mount that is detached then can't mount the file any more,
    /// and so fails to start a container; and whoever has opened one can't read it any more once its LXCFS has ended.
    /// </summary>
    /// <param name="targets">One that is named twice loses two.</param>
    /// <param name="patience">How long to wait for all of them together; some programs never close what they have opened.</param>
    /// <exception cref="Win32Exception">Nothing is mounted at a target, or it may not be detached.</exception>
    public static void Remove(IEnumerable<string> targets, TimeSpan patience)
    {
        var left = targets.ToList();
        var started = Stopwatch.GetTimestamp();
        while (left.Count > 0 && Stopwatch.GetElapsedTime(started) < patience)
        {
            left.RemoveAll(target => Libc.Umount2(target, Libc.UmountNofollow) == 0);
            if (left.Count > 0)
                Thread.Sleep(1);
        }

        left.ForEach(target => Detach(target));
    }

    /// <summary>
    /// Takes the topmost mounts away, also dead or busy ones. Never with MNT_FORCE: that aborts a living FUSE connection for
    /// everyone who uses it, even where it fails.
    /// </summary>
    /// <exception cref="Win32Exception">Nothing is mounted there, or it may not be detached.</exception>
    public static void Detach(string target, int layers = 1)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            if (!TryDetach(target))
                throw Descriptor.Failed($"umount {target}");
        }
    }

    /// <summary>As <see cref="Detach"/>, but says whether it could: a process of LXCFS may unmount its own path meanwhile.</summary>
    public static bool TryDetach(string target) => Libc.Umount2(target, Libc.MntDetach | Libc.UmountNofollow) == 0;
}
