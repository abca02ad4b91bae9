using LxcfsFunctions.EndToEnd.Kubelet;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>The pods of a node, which come and go.</summary>
internal sealed class RunningPods(Node node, PlayedKubelet kubelet, Admissions admissions, Random random)
{
    private const int Fewest = 3, Most = 6;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<RunningPod> _all = [];
    private int _made;

    /// <summary>What the containers of all pods read that have ended.</summary>
    public ReadFigures Read { get; private set; } = new();

    public StartFigures Starts { get; private set; } = new(0, 0);

    /// <summary>Looks at those that run while none of them can end.</summary>
    public T Look<T>(Func<IEnumerable<Reader>, T> look)
    {
        lock (_lock)
            return look(_all.SelectMany(pod => pod.Readers));
    }

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            if (_all.Count < Fewest || (_all.Count < Most && random.Next(2) == 0))
                await AddAsync();
            else
                await RemoveAsync(_all[random.Next(_all.Count)]);
            await Task.Delay(LongestPause * random.NextDouble(), end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task RemoveAllAsync()
    {
        while (_all.Count > 0)
            await RemoveAsync(_all[^1]);
    }

    private async Task AddAsync()
    {
        var pod = ReadingPod.Any(random, _made++);
        var reports = pod.Containers.ToDictionary(container => container.Name, container => new ReaderReport(FileOf(pod, container)));
        if (await admissions.CreateAsync(pod.ToJson(container => FileOf(pod, container))) is { } stored)
        {
            var began = ReaderReport.Now;
            var running = await RunningPod.StartAsync(kubelet, stored, reports, () => Starts = Starts with { Refused = Starts.Refused + 1 });
            Starts = Starts with { LongestWait = Math.Max(Starts.LongestWait, (ReaderReport.Now - began).TotalSeconds) };
            lock (_lock)
                _all.Add(running);
            return;
        }

        // It would show the node's values, as its user has to expect then.
        foreach (var report in reports.Values)
            report.Dispose();
    }

    private async Task RemoveAsync(RunningPod pod)
    {
        lock (_lock)
            _all.Remove(pod);
        await admissions.DeleteAsync(pod.Stored);
        await pod.DisposeAsync();
        foreach (var reader in pod.Readers)
        {
            Read = Read.With(reader);
            reader.Report.Dispose();
        }
    }

    private string FileOf(ReadingPod pod, ReadingContainer container) => Path.Combine(node.Folder, "reports", $"{pod.Name}-{container.Name}");
}
