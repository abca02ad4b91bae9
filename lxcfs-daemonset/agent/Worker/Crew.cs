using System.Runtime.ExceptionServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// Threads that do many works in containers, one after the other: as many again join while all that are there are held up, so that who
/// holds his own up keeps no other waiting.
/// </summary>
internal static class Crew
{
    /// <summary>As many as hold a thread each. Each thread takes some 50 kB, and has ten descriptors in hand.</summary>
    public const int Most = 64;

    /// <summary>A work takes milliseconds: when none has begun or ended for so long, more threads join.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(100);

    /// <param name="atFirst">How many threads begin.</param>
    /// <param name="work">What each thread does until nothing is left; it says so whenever a work has ended.</param>
    /// <param name="isMore">Whether any work is left that nobody has begun.</param>
    public static void Work(int atFirst, Func<bool> isMore, Action<MountNamespace.Roamer, Action> work)
    {
        var sync = new object();
        ExceptionDispatchInfo? failure = null;
        var (threads, working, steps) = (0, 0, 0);
        lock (sync)
        {
            Join(atFirst);
            for (var seen = 0; working > 0;)
            {
                var isStill = !Monitor.Wait(sync, Stall) && steps == seen;
                if (isStill && isMore())
                    Join(Math.Min(threads, Most - threads));
                seen = steps;
            }
        }

        failure?.Throw();

        void Join(int count)
        {
            for (var index = 0; index < count; index++, threads++, working++)
                MountNamespace.Begin(Run, Failed);
        }

        void Run(MountNamespace.Roamer roamer)
        {
            work(roamer, () => Change(() => steps++));
            Change(() => working--);
        }

        void Failed(ExceptionDispatchInfo failed) => Change(() => (failure, working) = (failed, working - 1));

        void Change(Action change)
        {
            lock (sync)
            {
                change();
                Monitor.Pulse(sync);
            }
        }
    }
}
