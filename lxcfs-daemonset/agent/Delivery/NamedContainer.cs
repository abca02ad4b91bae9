using System.ComponentModel;
using System.Globalization;
using LxcfsAgent.Native;
using LxcfsAgent.Nri;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Delivery;

/// <summary>A container that the runtime has named, told by the process that it gave: its number alone may be another's by now.</summary>
internal sealed class NamedContainer : IDisposable
{
    private readonly PidFd _process;

    private NamedContainer(PidFd process, string mountNamespace, ProcessFacts facts, NamedNamespace? named) =>
        (_process, Namespace, Process, Named) = (process, mountNamespace, facts, named);

    public string Namespace { get; }

    public ProcessFacts Process { get; }

    /// <summary>Null where its mount namespace is of the node's user namespace.</summary>
    public NamedNamespace? Named { get; }

    public bool IsOver => _process.HasExited;

    /// <summary>Null where the process has ended.</summary>
    /// <exception cref="Win32Exception">It can't be told.</exception>
    /// <exception cref="InvalidOperationException">The process is not where the runtime has put it, or can't be looked at.</exception>
    public static NamedContainer? Of(NriContainer container, ProcFolder proc)
    {
        var process = container.Pid > 0 ? PidFd.TryOpen(container.Pid) : null;
        if (process is null)
            return null;
        try
        {
            var task = container.Pid.ToString(CultureInfo.InvariantCulture);
            using var space = proc.TryOpenNamespace(task);
            var facts = new ProcessFacts(container.Pid, new Processes(proc).StatOf(task).Started);
            var named = space is null ? null : Named(space, facts);
            // Looked at after all of that: what was seen was this very process.
            if (space is not null && !process.HasExited)
                return new(process, proc.NameOf(space), facts, named);
            process.Dispose();
            return null;
        }
        catch
        {
            process.Dispose();
            throw;
        }

        NamedNamespace? Named(Descriptor space, ProcessFacts facts)
        {
            var (owner, own) = (proc.OwnerOf(space), proc.OwnUserNamespace());
            if (owner == own)
                return null;
            // A program may have gone to a namespace that it has made itself, in any user namespace.
            return DeliveryPolicy.HasUserNamespace(container) && proc.ParentOfOwner(space) == own
                ? new(proc.NameOf(space), owner, facts)
                : throw new InvalidOperationException("its process is in a user namespace that the runtime has not made");
        }
    }

    public void Dispose() => _process.Dispose();
}
