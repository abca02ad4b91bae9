namespace LxcfsNode.Tests.Rig;

/// <summary>
/// Asks all the time whether a new pod could start: as a kubelet looks at a hostPath of type File, and by starting containers.
/// </summary>
internal sealed class Starts : IAsyncDisposable
{
    private readonly Node _node;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _refused = [];
    private readonly Task _looking, _starting;
    private long _looks;
    private int _started;

    /// <param name="containers">Whether containers are started too.</param>
    public Starts(Node node, bool containers)
    {
        _node = node;
        _looking = Task.Factory.StartNew(Look, TaskCreationOptions.LongRunning);
        _starting = containers ? Task.Run(StartAsync) : Task.CompletedTask;
    }

    public async Task AssertNeverRefusedAsync()
    {
        await StopAsync();
        Measured.Print($"meanwhile the files were looked at {_looks} times and {_started} containers were started");
        Assert.True(_refused.Count == 0, string.Join('\n', [.. _refused, _node.Logs]));
        Assert.True(_looks > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_looking, _starting).WithinAsync(
            () => _looking.IsCompleted ? $"start {_started} of a container" : $"look {_looks} at a file of {_node.Root}");
    }

    private void Look()
    {
        for (var file = _node.FromOutside($"{_node.Root}/proc/meminfo"); !_stop.IsCancellationRequested; _looks++)
        {
            if (!File.Exists(file))
                Refuse($"{file} is no file after {_looks} looks");
            Thread.Sleep(5);
        }
    }

    private async Task StartAsync()
    {
        for (; !_stop.IsCancellationRequested; _started++)
        {
            try
            {
                var app = await AppContainer.StartAsync(_node, AppKind.Distroless, $"start-{_started}", among: 30);
                await Eventually.TrueAsync(() => app.Report.Rounds > 0, () => $"{app.Id} does not read: {app.Log}");
                if (app.Report is not { Failures: 0, Wrong: 0 })
                    Refuse($"{app.Id}: {app.Report}");
                await app.KillAsync();
            }
            catch (InvalidOperationException error)
            {
                Refuse(error.Message);
            }
        }
    }

    private void Refuse(string why)
    {
        lock (_refused)
            _refused.Add(why);
    }
}
