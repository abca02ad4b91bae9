using LxcfsFunctions.EndToEnd.Kubelet;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>A cluster with one node, its pods, and all that befalls them.</summary>
internal sealed class Day : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = [];
    private FunctionsDeployment? _functions;
    private DaemonSet? _agents;
    private Admissions? _admissions;
    private RunningPods? _pods;

    private Day()
    {
    }

    public static async Task<Day> BeginAsync(int seed)
    {
        var day = new Day();
        try
        {
            await day.StartAsync(new(seed));
            return day;
        }
        catch
        {
            await day.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets it all happen at once, then removes everything.</summary>
    public async Task<SoakReport> LiveAsync(SoakOptions options)
    {
        Chaos[] chaos = [ChaosTables.OfNode(options.Seed, _agents!, _pods!), ChaosTables.OfFunctions(options.Seed, _functions!)];
        Lives[] lives =
        [
            new("agent", () => _agents!.Agent.Pid),
            new("LXCFS", () => _agents!.Agent.Lxcfs is [var pid] ? pid : null),
            new("functions", () => _functions!.Pid),
        ];
        Part[] parts = [_pods!.RunAsync, _admissions!.RunAsync, .. chaos.Select(one => (Part)one.RunAsync), .. lives.Select(life => (Part)life.RunAsync)];
        var began = ReaderReport.Now;
        var faults = await TogetherAsync(options.Length, parts);
        var (minutes, stateFiles) = ((ReaderReport.Now - began).TotalMinutes, _agents!.StateFiles);
        faults = [.. faults, .. await TogetherAsync(options.Length, [EndAsync])];
        return new(minutes, options.Seed)
        {
            Happened = [.. chaos.SelectMany(one => one.Happened).OrderBy(item => item.At)],
            Read = _pods.Read,
            Admissions = _admissions.Figures,
            Starts = _pods.Starts,
            Agents = new(_agents.Pods, stateFiles),
            Lives = [.. lives.Select(life => life.Figures)],
            Left = _agents.Left,
            Faults = faults,
        };
    }

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var part))
            await part.DisposeAsync();
    }

    private async Task StartAsync(Random random)
    {
        var cluster = Started(await OwnCluster.StartAsync());
        _functions = Started(await FunctionsDeployment.StartAsync(cluster));
        var node = Started(await Node.StartAsync());
        var kubelet = await PlayedKubelet.StartAsync(node);
        _agents = await DaemonSet.StartAsync(node);
        _admissions = new(cluster.Api, await cluster.NamespaceAsync(), _functions.Outages, Path.Combine(cluster.Plane.Folder, "kube-apiserver.log"));
        _pods = new(node, kubelet, _admissions, random);
    }

    private T Started<T>(T part) where T : IAsyncDisposable
    {
        _started.Push(part);
        return part;
    }

    /// <summary>What kept a part from going on to the end, which ends the others too.</summary>
    private static async Task<IReadOnlyList<string>> TogetherAsync(TimeSpan length, IReadOnlyList<Part> parts)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(length);
        return [.. (await Task.WhenAll(parts.Select(FaultOfAsync))).OfType<string>()];

        async Task<string?> FaultOfAsync(Part part)
        {
            try
            {
                await Task.Run(() => part(end.Token));
                return null;
            }
#pragma warning disable CA1031 // It goes into the report, beside what happened before.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                await end.CancelAsync();
                return fault.Message;
            }
        }
    }

    private async Task EndAsync(CancellationToken end)
    {
        await _pods!.RemoveAllAsync();
        await _agents!.RemoveAsync();
    }

    /// <summary>Something that goes on until the end.</summary>
    private delegate Task Part(CancellationToken end);
}
