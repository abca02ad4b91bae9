using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>Waits for a descriptor by poll(2).</summary>
internal static unsafe class Readiness
{
    /// <param name="events"><see cref="ProcessCalls.PollIn"/> or <see cref="ProcessCalls.PollOut"/>.</param>
    /// <returns>Whether it is ready, or its other end is closed.</returns>
    public static bool Await(Descriptor descriptor, short events, TimeSpan patience)
    {
        var poll = new ProcessCalls.PollFd { Fd = descriptor.Number, Events = events };
        var milliseconds = (int)Math.Clamp(Math.Ceiling(patience.TotalMilliseconds), 0, int.MaxValue);
        var ready = ProcessCalls.Poll(&poll, 1, milliseconds);
        return ready > 0 || (ready < 0 && Marshal.GetLastPInvokeError() != Libc.Eintr ? throw Descriptor.Failed("poll") : ready > 0);
    }
}
