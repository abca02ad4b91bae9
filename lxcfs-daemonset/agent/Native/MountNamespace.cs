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
    public static T Roam<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (Libc.Unshare(Libc.CloneFs) != 0)
                    throw Descriptor.Failed("unshare");
                result = work();
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

    /// <summary>Enters a namespace on a thread that <see cref="Roam"/> made.</summary>
    public static void Enter(Descriptor mountNamespace)
    {
        if (Libc.SetNs(mountNamespace.Number, Libc.CloneNewns) != 0)
            throw Descriptor.Failed("setns");
    }
}
