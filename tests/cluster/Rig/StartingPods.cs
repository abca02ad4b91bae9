namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>Pods that start while something happens: some that the node brings the files, and some that don't ask for them.</summary>
internal sealed class StartingPods(BootedCluster cluster, int count, int others, int pause) : IAsyncDisposable
{
    private static int _sets;

    private readonly int _set = Interlocked.Increment(ref _sets);
    private readonly Readers _readers = new(cluster.Folder);

    public IReadOnlyList<ReadingPod> Delivered { get; private set; } = [];

    public IReadOnlyList<ReadingPod> Others { get; private set; } = [];

    /// <summary>Makes them all, and waits for none.</summary>
    public async Task CreateAsync()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, count + others).Select(index => ReadingPod.CreateAsync(
            cluster, index < count ? DeliveredCluster.Team : DeliveredCluster.Others, $"starting-{_set}-{index}", pause)));
        (Delivered, Others) = (made[..count], made[count..]);
    }

    public Task OthersRunAsync() => RunAsync(Others);

    public Task AllRunAsync() => RunAsync([.. Delivered, .. Others]);

    /// <summary>Whatever they started with.</summary>
    public async Task AllReadRightAsync()
    {
        await AllRunAsync();
        foreach (var pod in Delivered.Where(pod => _readers.All.All(reader => !reader.Name.StartsWith($"{pod.Name}/", StringComparison.Ordinal))))
            _readers.Add(pod.Counts());
        await _readers.AllReadRightAsync();
    }

    /// <summary>Until each has read once more, whatever it was.</summary>
    public Task AllReadAsync() => _readers.AllReadAsync();

    public StartFigures Figures(string name)
    {
        var bare = _readers.All.Where(reader => reader.Wrong > 0).ToList();
        return new(name, bare.Count, bare.Select(reader => reader.LongestBroken).DefaultIfEmpty().Max(), _readers.All.Aggregate(0UL, (sum, reader) => sum + reader.Failed),
            [.. Delivered.Select(pod => pod.Start)], [.. Others.Select(pod => pod.Start)]);
    }

    public async ValueTask DisposeAsync()
    {
        _readers.Dispose();
        foreach (var pods in (IReadOnlyList<ReadingPod>[])[Delivered, Others])
        {
            if (pods.Count > 0)
                await cluster.DeleteAtOnceAsync(pods[0].Namespace, pods.Select(pod => pod.Name));
        }
    }

    private static Task RunAsync(IReadOnlyList<ReadingPod> pods) => Eventually.NullAsync(() =>
        pods.FirstOrDefault(pod => !pod.HasStarted()) is { } late ? $"{late.Name} of {late.Namespace} does not run" : null);
}
