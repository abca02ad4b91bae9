namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>The cluster of every test that breaks nothing; null where none can be started.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private Cluster? _cluster;

    internal Cluster Cluster
    {
        get
        {
            Assert.SkipWhen(_cluster is null, Cluster.Missing ?? "");
            return _cluster!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Cluster.Missing is null)
            _cluster = await Cluster.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
