using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>Does what was asked for in containers, without any help from inside them: a container may hold nothing but one static binary.</summary>
internal sealed class ContainerWorker(ProcFolder proc, WorkRequest request, ServedFiles? served, ReplyWriter replies)
{
    /// <summary>
    /// For every mount that is taken away the kernel has its caller wait until no processor can be using it any more, for milliseconds on a
    /// busy node. Those who wait at the same time wait for the same.
    /// </summary>
    private const int AtOnce = 6;

    private readonly string _own = proc.OwnUserNamespace();
    private readonly long _begun = Stopwatch.GetTimestamp();

    public void Run()
    {
        var queue = new ConcurrentQueue<ContainerWork>(request.Containers);
        MountNamespace.Roam(Math.Min(AtOnce, request.Containers.Count), roamer =>
        {
            using var bound = served is null || KernelCalls.MountSetAttr() == CallState.Present ? null : served.Bind(roamer);
            while (queue.TryDequeue(out var work))
            {
                replies.Write(new(Begun: work.Namespace));
                replies.Write(new(Outcome: Do(roamer, work, bound ?? served)));
            }
        });
    }

    private WorkOutcome Do(MountNamespace.Roamer roamer, ContainerWork work, ServedFiles? files)
    {
        List<Descriptor?> clones = [];
        var done = 0;
        try
        {
            roamer.Return();
            if (request.Kind != WorkKind.Remove)
                clones.AddRange(work.Files.Select(file => files!.Clone(file.Path)));
            using var mountNamespace = Find(work);
            if (mountNamespace is null)
                return new(work.Namespace, 0, Gone: true);
            if (proc.OwnerOf(mountNamespace) != _own)
                return new(work.Namespace, 0, Error: "it belongs to another user namespace");
            roamer.Enter(mountNamespace);
            var waiting = new List<FileMount>();
            foreach (var (index, file) in work.Files.Index())
            {
                if (Begin(new FileMount(proc, file), clones.ElementAtOrDefault(index), waiting))
                    done++;
            }

            TakeAway(waiting);
            return new(work.Namespace, done);
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
            case WorkKind.Add:
                return clone is not null && mount.Add(clone);
            // An LXCFS that lacks the file leaves the container the node's.
            case WorkKind.Replace when clone is not null:
                var covered = mount.Replace(clone);
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

    private void TakeAway(List<FileMount> waiting)
    {
        var started = Stopwatch.GetTimestamp();
        while (waiting.Count > 0
            && Stopwatch.GetElapsedTime(started).TotalMilliseconds < request.PatienceMilliseconds
            && Stopwatch.GetElapsedTime(_begun).TotalMilliseconds < WorkRequest.ReadingInAllMilliseconds)
        {
            waiting.RemoveAll(mount => mount.TryTakeAway(whoeverUsesIt: false));
            if (waiting.Count > 0)
                Thread.Sleep(1);
        }

        waiting.ForEach(mount => mount.TryTakeAway(whoeverUsesIt: true));
    }

    /// <summary>The namespace, by any process that is in it: those that were seen there may have ended, or gone elsewhere.</summary>
    /// <returns>Null where it is gone.</returns>
    /// <exception cref="Win32Exception">This worker lacks something to open it.</exception>
    /// <exception cref="InvalidOperationException">This worker lacks something to look for it.</exception>
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

        // Only a scan's own numbers are good for that: a record of another time may name what is another container's by now.
        foreach (var pid in work.Processes.Any(process => process.Started > 0) ? [] : Processes.All())
        {
            if (Open(work.Namespace, processes.NamespaceOf(pid)) is { } found)
                return found;
        }

        return processes.Failures == 0 ? null : throw new InvalidOperationException("the node's processes could not be read");
    }

    private Descriptor? Open(string name, (string Task, UInt128 Link)? place)
    {
        if (place is not { } there || Processes.Text(there.Link) != name)
            return null;
        if (proc.Folder.TryOpenAt($"{there.Task}/ns/mnt", Libc.ORdonly) is not { } opened)
            return Libc.IsAbsence(Marshal.GetLastPInvokeError()) ? null : throw Descriptor.Failed($"open {name}");
        // The process may have gone to another one between the two looks.
        if (proc.Folder.ReadLink($"self/fd/{opened.Number}") == name)
            return opened;
        opened.Dispose();
        return null;
    }
}
