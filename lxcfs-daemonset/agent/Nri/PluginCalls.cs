namespace LxcfsAgent.Nri;

/// <summary>
/// Calls the plugin, by two threads: one for what the runtime waits for, and one for the rest. What it throws is nothing to do: no container
/// of anybody else may fail for it.
/// </summary>
internal sealed class PluginCalls(INriPlugin plugin, ILogger logger, TimeProvider time) : IDisposable
{
    private readonly PluginThread _answers = new("NriCalls", NriLimits.Calls, time);
    private readonly PluginThread _news = new("NriNews", NriLimits.News, time);
    private Synchronization? _latest;

    /// <summary>Whether a call takes longer than it may; those behind it would only wait as well.</summary>
    public bool IsStuck => _answers.IsStuck;

    /// <param name="answer">Gets the answer, on the calls' thread.</param>
    /// <returns>False where it is not called, since too many calls wait.</returns>
    public bool TryCreate(NriPod pod, NriContainer container, Func<bool> isWanted, Action<TtrpcResponse> answer) =>
        _answers.TryRun(() =>
        {
            // An adjustment that nobody waits for any more is no use; StartContainer comes yet.
            if (isWanted())
                answer(Guarded("CreateContainer", () => NriReplies.CreateContainer(plugin.CreateContainer(pod, container))));
        });

    /// <summary>Called also where nobody waits any more: it is the last that is heard of a container that starts.</summary>
    /// <inheritdoc cref="TryCreate"/>
    public bool TryStart(NriPod pod, NriContainer container, Action<TtrpcResponse> answer) =>
        _answers.TryRun(() => answer(Guarded("StartContainer", () => NriReplies.StartContainer(plugin.StartContainer(pod, container)))));

    public void Stop(NriPod pod, NriContainer container) => Tell("StopContainer", () => plugin.StopContainer(pod, container));

    /// <summary>What the runtime has now makes what it had before, and nobody has looked at, worth nothing.</summary>
    public void Synchronize(Synchronization latest)
    {
        Interlocked.Exchange(ref _latest, latest);
        Tell("Synchronize", () =>
        {
            if (Interlocked.Exchange(ref _latest, null) is { } list)
                plugin.Synchronize(list.Pods, list.Containers);
        });
    }

    public void Dispose()
    {
        _answers.Dispose();
        _news.Dispose();
    }

    private void Tell(string call, Action news)
    {
        if (!_news.TryRun(() => Guarded(call, () => { news(); return TtrpcResponse.Ok([]); })))
            Log.NriDropped(logger, call);
    }

    private TtrpcResponse Guarded(string call, Func<TtrpcResponse> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception)
        {
            Log.NriCallFailed(logger, call, exception);
            return TtrpcResponse.Ok([]);
        }
    }
}
