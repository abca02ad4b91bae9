namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>The clusters of all tests that break nothing, started for the first of them.</summary>
public sealed class SharedCluster : IAsyncDisposable
{
    private GivenCluster? _given;
    private OwnCluster? _own;

    public async ValueTask DisposeAsync()
    {
        if (_given is not null)
            await _given.DisposeAsync();
        if (_own is not null)
            await _own.DisposeAsync();
    }

    /// <summary>The one that KUBECONFIG names, else the suite's own.</summary>
    internal async Task<Cluster> AnyAsync() =>
        GivenCluster.Kubeconfig is { } kubeconfig ? _given ??= await GivenCluster.JoinAsync(kubeconfig) : await OwnAsync();

    /// <summary>For tests that look behind the API server: at its audit log, its metrics, or with nodes of their own.</summary>
    internal async Task<OwnCluster> OwnAsync() => _own ??= await OwnCluster.StartAsync();
}
