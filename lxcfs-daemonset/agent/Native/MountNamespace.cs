using System.Runtime.ExceptionServices;

namespace LxcfsAgent.Native;

/// <summary>Work in other mount namespaces.</summary>
internal static class MountNamespace
{
    /// <summary>
    /// Runs the work on a thread that may change its mount namespace, and ends with it. A thread shares root and working
    /// directory with its process, and setns(2) refuses while it does; once unshared there is no way back, so no thread of
    /// the pool may be used.
    /// </summary>
    public static T Roam<T>(Func<Roamer, T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (Libc.Unshare(Libc.CloneFs) != 0)
                    throw Descriptor.Failed("unshare");
                using var home = Descriptor.Open("/proc/thread-self/ns/mnt", Libc.ORdonly);
                result = work(new(home));
            }
#pragma warning disable CA1031 // Rethrown on the caller's thread.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.IsBackground = true;
        thread.Name = "Remounter";
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>A thread that <see cref="Roam"/> made.</summary>
    internal sealed class Roamer(Descriptor home)
    {
        /// <summary>Runs the work in a mount namespace; afterwards the thread is back where it came from.</summary>
        public T In<T>(Descriptor mountNamespace, Func<T> work)
        {
            Enter(mountNamespace);
            try
            {
                return work();
            }
            finally
            {
                Enter(home);
            }
        }

        private static void Enter(Descriptor mountNamespace)
        {
            if (Libc.SetNs(mountNamespace.Number, Libc.CloneNewns) != 0)
                throw Descriptor.Failed("setns");
        }
    }
}
