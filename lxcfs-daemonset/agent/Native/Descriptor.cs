using System.Buffers.Binary;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LxcfsAgent.Native;

/// <summary>An open descriptor; what fails says on what.</summary>
internal sealed unsafe class Descriptor : SafeHandle
{
    private Descriptor(int fd)
        : base(-1, ownsHandle: true) => SetHandle(fd);

    public override bool IsInvalid => handle < 0;

    public int Number => (int)handle;

    /// <summary>The type of the file system that it is on, a magic number of statfs(2); 0 where that can't be told.</summary>
    public long FileSystem
    {
        get
        {
            Span<byte> answer = stackalloc byte[256];
            fixed (byte* buffer = answer)
                return Libc.FStatFs(Number, buffer) == 0 ? BinaryPrimitives.ReadInt64LittleEndian(answer) : 0;
        }
    }

    /// <summary>
    /// The device number of the file system that it is on, such as <c>0:53</c>. The kernel's own answer: a file system of FUSE, dead or a
    /// tenant's, is not asked.
    /// </summary>
    /// <exception cref="Win32Exception">That can't be told.</exception>
    public string Device
    {
        get
        {
            const int major = 136, minor = 140;
            Span<byte> answer = stackalloc byte[256];
            fixed (byte* buffer = answer)
            {
                if (Libc.Statx(Number, "", Libc.AtEmptyPath | Libc.AtStatxDontSync, mask: 0, buffer) != 0)
                    throw Failed("statx");
            }

            return string.Create(
                CultureInfo.InvariantCulture,
                $"{BinaryPrimitives.ReadUInt32LittleEndian(answer[major..])}:{BinaryPrimitives.ReadUInt32LittleEndian(answer[minor..])}");
        }
    }

    /// <exception cref="Win32Exception">The path can't be opened.</exception>
    public static Descriptor Open(string path, int flags, int mode = 0) =>
        From(Libc.Open(path, flags | Libc.OCloexec, mode), $"open {path}");

    /// <summary>Null where it can't be opened; <see cref="Marshal.GetLastPInvokeError"/> says why.</summary>
    public static Descriptor? TryOpen(string path, int flags)
    {
        var fd = Libc.Open(path, flags | Libc.OCloexec);
        return fd < 0 ? null : new(fd);
    }

    /// <exception cref="Win32Exception">The call that gave the descriptor had failed.</exception>
    public static Descriptor From(int fd, string what) => fd >= 0 ? new(fd) : throw Failed(what);

    /// <summary>The exception for the call that failed last.</summary>
    public static Win32Exception Failed(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <exception cref="Win32Exception">The path can't be opened.</exception>
    public Descriptor OpenAt(string path, int flags) => From(Libc.OpenAt(Number, path, flags | Libc.OCloexec), $"open {path}");

    /// <summary>Null where it can't be opened; <see cref="Marshal.GetLastPInvokeError"/> says why.</summary>
    public Descriptor? TryOpenAt(string path, int flags)
    {
        var fd = Libc.OpenAt(Number, path, flags | Libc.OCloexec);
        return fd < 0 ? null : new(fd);
    }

    /// <summary>Where a link of the kernel's leads, such as <c>mnt:[4026531841]</c>; empty when that can't be told: <see cref="Marshal.GetLastPInvokeError"/> says why.</summary>
    public string ReadLink(string path)
    {
        var name = Encoding.UTF8.GetBytes(path + '\0');
        Span<byte> target = stackalloc byte[256];
        fixed (byte* from = name, to = target)
        {
            var length = Libc.ReadLinkAt(Number, from, to, target.Length);
            return length < 0 ? "" : Encoding.UTF8.GetString(target[..(int)length]);
        }
    }

    /// <summary>Reads a file from its start, as it is now; nothing when it can't be read any more.</summary>
    /// <param name="buffer">Is replaced by a longer one until the file fits; what is returned lies in it.</param>
    /// <param name="most">How many bytes are read at most.</param>
    public ReadOnlySpan<byte> Read(ref byte[] buffer, int most)
    {
        var read = 0;
        while (true)
        {
            nint count;
            fixed (byte* target = &buffer[read])
                count = Libc.PRead(Number, target, buffer.Length - read, read);
            if (count < 0)
                return default;
            read += (int)count;
            if (count == 0 || read >= most)
                return buffer.AsSpan(0, read);
            if (read == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
    }

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
