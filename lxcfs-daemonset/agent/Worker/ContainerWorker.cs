using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>Does what was asked for in containers, without any help from inside them: a container may hold nothing but one static binary.</summary>
internal sealed class ContainerWorker(ProcFolder proc, WorkRequest request, ServedFiles? served, ReplyWriter replies, TimeProvider clock)
{
    /// <summary>
    /// For every mount that is taken away the kernel has its caller wait until no processor can be using it any more, for milliseconds on a
    /// busy node. Those who wait at the same time wait for the same.
    /// </summary>
    private const int AtOnce = 6;

    private readonly string _own = proc.OwnUserNamespace();
    private readonly long _begun = clock.GetTimestamp();

    public void Run()
    {
        var queue = new ConcurrentQueue<ContainerWork>(request.Containers);
        Crew.Work(Math.Min(AtOnce, request.Containers.Count), isMore: () => !queue.IsEmpty && !IsOver(), work: (roamer, step) =>
        {
            using var bound = served is null || KernelCalls.MountSetAttr() == CallState.Present ? null : served.Bind(roamer);
            // One in any case: what comes before it may take all the time, and nobody would ever be come to.
            for (var isFirst = true; (isFirst || !IsOver()) && queue.TryDequeue(out var work); isFirst = false)
            {
                replies.Write(new(Begun: work.Namespace));
                replies.Write(new(Outcome: Do(roamer, work, bound ?? served)));
                step();
            }
        });
    }

    /// <summary>Where tenants keep the kernel busy each container may take a second, and the agent can see to nothing else meanwhile.</summary>
    private bool IsOver() => clock.GetElapsedTime(_begun).TotalMilliseconds >= request.LongestMilliseconds;

    private WorkOutcome Do(MountNamespace.Roamer roamer, ContainerWork work, ServedFiles? files)
    {
        List<Descriptor?> clones = [];
        var progress = new WorkProgress(() => replies.Write(new(IsAtWork: true)), clock);
        var done = 0;
        try
        {
            roamer.Return();
            if (request.Kind is WorkKind.Replace or WorkKind.Add)
            {
                foreach (var file in work.Files)
                {
                    clones.Add(files!.Clone(file.Path));
                    progress.Step();
                }
            }

            using var mountNamespace = Find(work);
            if (mountNamespace is null)
                return new(work.Namespace, 0, Gone: true);
            if (proc.OwnerOf(mountNamespace) is var owner && owner != _own && work.Named?.Is(work.Namespace, owner, new(proc)) != true)
                return new(work.Namespace, 0, Error: "it belongs to another user namespace");
            roamer.Enter(mountNamespace);
            var waiting = new List<FileMount>();
            var needsRecord = false;
            foreach (var (index, file) in work.Files.Index())
            {
                try
                {
                    if (Begin(new FileMount(proc, file), clones.ElementAtOrDefault(index), waiting))
                        done++;
                }
                catch (NotRecordedException)
                {
                    needsRecord = true;
                }

                progress.Step();
            }

            TakeAway(waiting, progress);
            return new(work.Namespace, done, NeedsRecord: needsRecord);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            return new(work.Namespace, done, Error: exception.Message);
        }
        finally
        {
            clones.ForEach(clone => clone?.Dispose());
        }
    }

    /// <param name="waiting">Gets those whose old mount is still to be taken away.</param>
    /// <returns>Whether something was, or is about to be, done for the file.</returns>
    private bool Begin(FileMount mount, Descriptor? clone, List<FileMount> waiting)
    {
        switch (request.Kind)
        {
            case WorkKind.Count:
                return mount.IsAbsent();
            case WorkKind.Add:
                return clone is not null && mount.Add(clone);
            // An LXCFS that lacks the file leaves the container the node's.
            case WorkKind.Replace when clone is not null:
                var covered = mount.Replace(clone, request.IsRecorded);
                if (covered == true)
                    waiting.Add(mount);
                return covered is not null;
            default:
                if (!mount.Uncover())
                    return false;
                waiting.Add(mount);
                return true;
        }
    }

    private void TakeAway(List<FileMount> waiting, WorkProgress progress)
    {
        var started = clock.GetTimestamp();
        while (waiting.Count > 0
            && clock.GetElapsedTime(started).TotalMilliseconds < request.PatienceMilliseconds
            && clock.GetElapsedTime(_begun).TotalMilliseconds < WorkRequest.ReadingInAllMilliseconds)
        {
            waiting.RemoveAll(mount => IsTakenAway(mount, whoeverUsesIt: false));
            if (waiting.Count > 0)
                Thread.Sleep(1);
        }

        waiting.ForEach(mount => IsTakenAway(mount, whoeverUsesIt: true));

        // Also a try that comes too early has waited for the kernel.
        bool IsTakenAway(FileMount mount, bool whoeverUsesIt)
        {
            var isGone = mount.TryTakeAway(whoeverUsesIt);
            progress.Step();
            return isGone;
        }
    }

    /// <summary>The namespace, by any process that is in it: those that were seen there may have ended, or gone elsewhere.</summary>
    /// <returns>Null where it is gone.</returns>
    /// <exception cref="Win32Exception">It can't be opened.</exception>
    /// <exception cref="InvalidOperationException">It may be where this worker could not look.</exception>
    private Descriptor? Find(ContainerWork work)
    {
        var processes = new Processes(proc);
        foreach (var process in work.Processes)
        {
            var task = process.Pid.ToString(CultureInfo.InvariantCulture);
            if (process.Started > 0 && processes.StatOf(task).Started != process.Started)
                continue;
            if (Open(work.Namespace, processes.NamespaceOf(process.Pid)) is { } found)
                return found;
        }

        // Only a scan's own numbers are good for that: what is added is so by a record of another time, and the number may be another container's by now.
        foreach (var pid in request.Kind == WorkKind.Add ? [] : Processes.All())
        {
            if (Open(work.Namespace, processes.NamespaceOf(pid)) is { } found)
                return found;
        }

        return processes is { Failures: 0, Refused.Count: 0 } ? null
            : throw new InvalidOperationException("it could not be told of every process of the node where it is");
    }

    private Descriptor? Open(string name, (string Task, UInt128 Link)? place)
    {
        if (place is not { } there || Processes.Text(there.Link) != name)
            return null;
        var opened = proc.TryOpenNamespace(there.Task);
        try
        {
            // The process may have gone to another one between the two looks.
            if (opened is not null && proc.NameOf(opened) == name)
                return opened;
        }
        catch
        {
            opened?.Dispose();
            throw;
        }

        opened?.Dispose();
        return null;
    }
}
