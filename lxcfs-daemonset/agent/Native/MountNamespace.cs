using System.ComponentModel;
using System.Runtime.ExceptionServices;

namespace LxcfsAgent.Native;

/// <summary>Work in other mount namespaces.</summary>
internal static class MountNamespace
{
    /// <summary>Runs the work on threads that may change their mount namespaces, each on its own, and waits for them.</summary>
    /// <exception cref="Win32Exception">The work could not begin, or failed.</exception>
    public static void Roam(int threads, Action<Roamer> work)
    {
        ExceptionDispatchInfo? failure = null;
        var started = Enumerable.Range(0, threads).Select(_ => Begin(work, failed => failure = failed)).ToList();
        started.ForEach(thread => thread.Join());
        failure?.Throw();
    }

    /// <summary>
    /// Starts a thread that may change its mount namespace, and ends with the work. A thread shares root and working directory with its
    /// process, and setns(2) refuses while it does; once unshared there is no way back, so no thread of the pool may be used.
    /// </summary>
    /// <param name="failed">Is told, on that thread, why the work could not begin, or failed.</param>
    public static Thread Begin(Action<Roamer> work, Action<ExceptionDispatchInfo> failed)
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "Roamer" };
        thread.Start();
        return thread;

        void Run()
        {
            try
            {
                if (Libc.Unshare(Libc.CloneFs) != 0)
                    throw Descriptor.Failed("unshare");
                using var roamer = new Roamer(Descriptor.Open("/proc/thread-self/ns/mnt", Libc.ORdonly));
                work(roamer);
            }
#pragma warning disable CA1031 // Told to who waits for it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failed(ExceptionDispatchInfo.Capture(exception));
            }
        }
    }

    /// <summary>A thread that <see cref="Begin"/> made.</summary>
    internal sealed class Roamer(Descriptor home) : IDisposable
    {
        private Descriptor _home = home;

        /// <summary>Has the thread be where it came from again.</summary>
        public void Return() => Enter(_home);

        /// <summary>Makes a namespace of the thread's own, a copy of the one that it is in, and its home from now on.</summary>
        public void Settle()
        {
            if (Libc.Unshare(Libc.CloneNewns) != 0)
                throw Descriptor.Failed("unshare");
            Mounts.KeepToThisNamespace();
            _home.Dispose();
            _home = Descriptor.Open("/proc/thread-self/ns/mnt", Libc.ORdonly);
        }

        public void Dispose() => _home.Dispose();

#pragma warning disable CA1822 // Who may enter is a thread of this kind.
        /// <summary>
        /// Has the thread be in a mount namespace from now on, its root and its working directory at the root of that namespace, whatever
        /// the processes in there have changed theirs to.
        /// </summary>
        public void Enter(Descriptor mountNamespace)
        {
            if (Libc.SetNs(mountNamespace.Number, Libc.CloneNewns) != 0)
                throw Descriptor.Failed("setns");
        }
#pragma warning restore CA1822
    }
}
