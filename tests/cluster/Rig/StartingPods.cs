namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>Pods that start while something happens: some that the node brings the files, and some that don't ask for them.</summary>
internal sealed class StartingPods(BootedCluster cluster, int count, int others, int pause) : IAsyncDisposable
{
    private static int _sets;

    private readonly int _set = Interlocked.Increment(ref _sets);
    private readonly Readers _readers = new(cluster.Folder);

    public IReadOnlyList<ReadingPod> Delivered { get; private set; } = [];

    public IReadOnlyList<ReadingPod> Others { get; private set; } = [];

    private int Refused { get; set; }

    /// <summary>Makes them all, and waits for none.</summary>
    public async Task CreateAsync()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, count + others).Select(index => ReadingPod.CreateAsync(
            cluster, index < count ? DeliveredCluster.Team : DeliveredCluster.Others, $"starting-{_set}-{index}", pause)));
        (Delivered, Others) = (made[..count], made[count..]);
    }

    public Task OthersRunAsync() => Eventually.NullAsync(() => Late(Others));

    public async Task AllRunAsync()
    {
        await Eventually.NullAsync(async () =>
        {
            if (Late(Delivered) is not { } late)
                return null;
            await MakeRefusedAnewAsync();
            return late;
        });
        await OthersRunAsync();
    }

    /// <summary>Whatever they started with.</summary>
    public async Task AllReadRightAsync()
    {
        await AllRunAsync();
        foreach (var pod in Delivered.Where(pod => _readers.All.All(reader => !reader.Name.StartsWith($"{pod.Name}/", StringComparison.Ordinal))))
            _readers.Add(pod.Counts());
        await _readers.AllReadRightAsync();
    }

    /// <summary>Until each has read once more, whatever it was, or for so long.</summary>
    public Task AllReadAsync(TimeSpan atMost) => _readers.AllReadAsync(atMost);

    public StartFigures Figures(string name)
    {
        var bare = _readers.All.Where(reader => reader.Wrong > 0).ToList();
        return new(name, bare.Count, bare.Select(reader => reader.LongestBroken).DefaultIfEmpty().Max(), Refused, _readers.All.Aggregate(0UL, (sum, reader) => sum + reader.Failed),
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

    private static string? Late(IReadOnlyList<ReadingPod> pods) =>
        pods.FirstOrDefault(pod => !pod.HasStarted()) is { } late ? $"{late.Name} of {late.Namespace} does not run" : null;

    /// <summary>As a controller does: a kubelet refuses for good what comes for a label that its node has lost meanwhile.</summary>
    private async Task MakeRefusedAnewAsync()
    {
        var refused = await cluster.KubectlAsync($"get pods --namespace {DeliveredCluster.Team} --field-selector status.phase=Failed --output name");
        var made = Delivered.ToArray();
        for (var index = 0; index < made.Length; index++)
        {
            if (!refused.Split('\n').Contains($"pod/{made[index].Name}"))
                continue;
            await cluster.DeleteAtOnceAsync(made[index].Namespace, [made[index].Name]);
            made[index] = await ReadingPod.CreateAsync(cluster, made[index].Namespace, $"{made[index].Name}-again", pause);
            Refused++;
        }

        Delivered = made;
    }
}
