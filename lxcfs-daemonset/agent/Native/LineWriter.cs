using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>Writes to a pipe that does not hold its writer up, no longer than agreed.</summary>
internal static unsafe class LineWriter
{
    /// <exception cref="IOException">Nobody reads it, or not in time.</exception>
    public static void Write(Descriptor pipe, ReadOnlySpan<byte> bytes, TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        while (bytes.Length > 0)
        {
            nint count;
            fixed (byte* source = bytes)
                count = Libc.Write(pipe.Number, source, bytes.Length);
            if (count > 0)
                bytes = bytes[(int)count..];
            else if (Marshal.GetLastPInvokeError() is not (Libc.Eintr or Libc.Eagain))
                throw new IOException(Descriptor.Failed("write").Message);
            else if (!Readiness.Await(pipe, ProcessCalls.PollOut, patience - Stopwatch.GetElapsedTime(started)))
                throw new IOException("nobody has read the pipe in time");
        }
    }
}
