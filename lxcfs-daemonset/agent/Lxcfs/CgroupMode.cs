using System.Buffers.Binary;
using LxcfsAgent.Native;

namespace LxcfsAgent.Lxcfs;

/// <summary>Which version of control groups limits the node's containers.</summary>
internal enum CgroupMode
{
    /// <summary>Version 1, or hybrid, which has its limits there too.</summary>
    V1,

    /// <summary>Version 2 alone.</summary>
    V2,
}

internal static class CgroupModes
{
    public static unsafe CgroupMode Detect(string path = "/sys/fs/cgroup")
    {
        Span<byte> answer = stackalloc byte[256];
        fixed (byte* buffer = answer)
        {
            if (Libc.StatFs(path, buffer) != 0)
                throw Descriptor.Failed($"statfs {path}");
        }

        return BinaryPrimitives.ReadInt64LittleEndian(answer) == Libc.Cgroup2SuperMagic ? CgroupMode.V2 : CgroupMode.V1;
    }
}
