using System.Collections.Concurrent;
using LxcfsAgent.Nri;

namespace LxcfsAgent.Tests.Nri;

/// <summary>Notes what it is told, and answers as it is set to.</summary>
internal sealed class PlayedPlugin : INriPlugin
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public BlockingCollection<string> Calls { get; } = [];

    public Func<NriAdjustment> OnCreate { get; set; } = () => NriAdjustment.None;

    public Func<string?> OnStart { get; set; } = () => null;

    /// <summary>What was listed last.</summary>
    public IReadOnlyList<NriPod> Pods { get; private set; } = [];

    /// <inheritdoc cref="Pods"/>
    public IReadOnlyList<NriContainer> Containers { get; private set; } = [];

    public Action OnNews { get; set; } = () => { };

    public NriAdjustment CreateContainer(NriPod pod, NriContainer container)
    {
        Note("create", pod, container);
        return OnCreate();
    }

    public string? StartContainer(NriPod pod, NriContainer container)
    {
        Note("start", pod, container);
        return OnStart();
    }

    public void StopContainer(NriPod pod, NriContainer container)
    {
        Note("stop", pod, container);
        OnNews();
    }

    public void Synchronize(IReadOnlyList<NriPod> pods, IReadOnlyList<NriContainer> containers)
    {
        (Pods, Containers) = (pods, containers);
        Calls.Add($"synchronize {string.Join(',', pods.Select(pod => pod.Id))} {string.Join(',', containers.Select(container => container.Id))}");
        OnNews();
    }

    public string Next() => Calls.TryTake(out var call, Patience) ? call : throw new TimeoutException("the plugin was told nothing");

    private void Note(string call, NriPod pod, NriContainer container) => Calls.Add($"{call} {Samples.Show(pod)} {Samples.Show(container)}");
}
