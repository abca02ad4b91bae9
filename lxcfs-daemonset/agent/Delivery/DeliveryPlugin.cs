using System.ComponentModel;
using LxcfsAgent.Nri;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Delivery;

/// <summary>
/// Brings containers the files of LXCFS as the runtime makes and starts them. The runtime makes and starts no other container meanwhile, so
/// nothing here waits for longer than <see cref="Patience"/>, and nobody is refused whose pod does not ask for the files.
/// </summary>
/// <param name="readers">Ask LXCFS, and enter no container: are this plugin's alone, and not to be disposed of while a read goes on.</param>
/// <param name="workers">Enter containers, and are this plugin's alone as well: one that is slow to start keeps no other from being made.</param>
/// <param name="longestRead">How long a read may go on; by default 10 s.</param>
internal sealed class DeliveryPlugin(
    WorkerPool readers, WorkerPool workers, string root, ProcFolder proc, NamedNamespaces named, LateDelivery late, AgentMetrics metrics, ILogger logger, TimeSpan? longestRead = null)
    : INriPlugin, IDisposable
{
    /// <summary>How long LXCFS, or a container, is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a read may go on for which nobody waits any more; the agent's loop ends an LXCFS that hangs before.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(10);

    private readonly ImpatientThread _reading = new("DeliveryRead");
    private readonly ImpatientThread _thread = new("Delivery");
    private readonly MissingFiles _files = new(workers, root);

    public NriAdjustment CreateContainer(NriPod pod, NriContainer container)
    {
        // LXCFS is asked for those alone who get something of it.
        if (DeliveryPolicy.Decide(pod, container, root, isServing: true) == NriAdjustment.None)
            return NriAdjustment.None;
        var adjustment = DeliveryPolicy.Decide(pod, container, root, IsServing());
        if (adjustment.Error is not null)
        {
            metrics.Refused.Add(1);
            Log.Refused(logger, Name(pod, container));
        }

        return adjustment;
    }

    /// <returns>Null: a container that is there would count as one that failed, and files can still be given to it.</returns>
    public string? StartContainer(NriPod pod, NriContainer container)
    {
        if (WorkFor(pod, container) is not { } work)
            return null;
        Addition? addition = null;
        var isDone = _thread.Do(() => addition = _files.Add([work])[0], Patience);
        if (isDone && addition is { Error: null, Missing: not null })
            metrics.Delivered.Add(1);
        else if (!isDone || addition?.IsGone != true)
            Delay(LateContainer.Of(pod, container, work, isListed: false));
        return null;
    }

    public void StopContainer(NriPod pod, NriContainer container) => late.Forget(container.Id);

    public void Synchronize(IReadOnlyList<NriPod> pods, IReadOnlyList<NriContainer> containers)
    {
        var byId = pods.GroupBy(pod => pod.Id).ToDictionary(group => group.Key, group => group.First());
        foreach (var container in containers.Where(container => container.State is not NriContainerState.Stopped))
        {
            if (byId.TryGetValue(container.PodSandboxId, out var pod) && WorkFor(pod, container) is { } work)
                Delay(LateContainer.Of(pod, container, work, isListed: true));
        }
    }

    public void Dispose()
    {
        _reading.Dispose();
        _thread.Dispose();
    }

    private static string Name(NriPod pod, NriContainer container) => $"{pod.Namespace}/{pod.Name}/{container.Name}";

    private bool IsServing()
    {
        var isServing = false;
        return _reading.Do(() => isServing = Reads(), Patience) && isServing;
    }

    private bool Reads()
    {
        try
        {
            return !readers.IsStuck && readers.Read(root + "/proc/uptime", longestRead ?? LongestRead)?.Text is not null;
        }
        catch (Exception exception) when (exception is IOException or Win32Exception or InvalidOperationException)
        {
            Fail("LXCFS", exception.Message);
            return false;
        }
    }

    /// <summary>What a container may lack, by the process that the runtime has named; null where it is to have nothing, or is over.</summary>
    private ContainerWork? WorkFor(NriPod pod, NriContainer container)
    {
        if (!DeliveryPolicy.IsDelivered(pod, container))
            return null;
        List<FileFacts> files = [.. DeliveryPolicy.Files(container, root).Select(file => new FileFacts(file.File.Path, file.Path, FileLayer.Top, 0, ""))];
        try
        {
            if (files.Count == 0 || NamedContainer.Of(container, proc) is not { } found)
                return null;
            if (!named.Take(container.Id, found))
                Fail(Name(pod, container), "there are more containers with user namespaces of their own than are watched");
            return new(found.Namespace, [found.Process], files, found.Named);
        }
        catch (Exception exception) when (exception is IOException or Win32Exception or InvalidOperationException)
        {
            Fail(Name(pod, container), exception.Message);
            return null;
        }
    }

    private void Delay(LateContainer container)
    {
        if (!late.Add(container))
            Fail(container.Name, "there are more containers that wait for their files than are remembered");
    }

    private void Fail(string what, string error)
    {
        metrics.DeliveryErrors.Add(1);
        Log.NotAttached(logger, what, error);
    }
}
