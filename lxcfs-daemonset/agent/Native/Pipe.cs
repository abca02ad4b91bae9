namespace LxcfsAgent.Native;

/// <summary>A pipe(2); a program that is started gets an end only where <see cref="Spawn.Descriptors"/> names it.</summary>
internal sealed unsafe record Pipe(Descriptor Read, Descriptor Write) : IDisposable
{
    /// <summary>A writer of what nobody reads is not held up: what does not fit any more is lost.</summary>
    public static Pipe Create()
    {
        var ends = stackalloc int[2];
        if (ProcessCalls.Pipe2(ends, Libc.OCloexec) != 0)
            throw Descriptor.Failed("pipe2");
        var pipe = new Pipe(Descriptor.From(ends[0], "pipe2"), Descriptor.From(ends[1], "pipe2"));
        if (ProcessCalls.Fcntl(ends[1], ProcessCalls.FSetfl, ProcessCalls.Fcntl(ends[1], ProcessCalls.FGetfl, 0) | ProcessCalls.ONonblock) != 0)
            throw Descriptor.Failed("fcntl O_NONBLOCK");
        return pipe;
    }

    /// <summary>An inherited pipe, by the numbers of its ends; null where they are none that is open. Is not handed on any more.</summary>
    public static Pipe? Adopt(int read, int write) =>
        Keep(read) && Keep(write) ? new(Descriptor.From(read, "pipe"), Descriptor.From(write, "pipe")) : null;

    public void Dispose()
    {
        Read.Dispose();
        Write.Dispose();
    }

    private static bool Keep(int fd) => fd >= 0 && ProcessCalls.Fcntl(fd, ProcessCalls.FSetfd, ProcessCalls.FdCloexec) == 0;
}
