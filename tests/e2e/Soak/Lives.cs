using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>Descriptors and memory of the processes that a part runs one after the other.</summary>
/// <param name="pid">The one that runs now, if any.</param>
internal sealed class Lives(string part, Func<int?> pid)
{
    /// <summary>A younger process is still making itself at home.</summary>
    private const int Youth = 8;

    /// <summary>A quarter of fewer samples may be all repair: a dozen descriptors more, none of them leaked.</summary>
    private const int Quarters = 4, SamplesOfQuarter = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<int, List<(int Descriptors, int Kilobytes)>> _lives = [];

    /// <summary>The most that any of them grew by, from its first quarter's peak to its last quarter's low.</summary>
    public LifeFigures Figures
    {
        get
        {
            var grown = _lives.Values.Where(life => life.Count >= Youth + Quarters * SamplesOfQuarter).Select(life => life[Youth..]).ToList();
            return new(
                part, _lives.Count, grown.Count,
                _lives.Values.SelectMany(life => life).Select(sample => sample.Descriptors).DefaultIfEmpty().Max(),
                grown.Select(life => Growth(life, sample => sample.Descriptors)).DefaultIfEmpty().Max(),
                _lives.Values.SelectMany(life => life).Select(sample => sample.Kilobytes).DefaultIfEmpty().Max() / 1024.0,
                grown.Select(life => Growth(life, sample => sample.Kilobytes)).DefaultIfEmpty().Max() / 1024.0);
        }
    }

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            if (pid() is { } living && await SampleAsync(living) is { } sample)
            {
                _lives.TryAdd(living, []);
                _lives[living].Add(sample);
            }

            await Task.Delay(Pause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static int Growth<T>(List<T> life, Func<T, int> of)
    {
        var quarter = life.Count / Quarters;
        return Math.Max(0, life[^quarter..].Min(of) - life[..quarter].Max(of));
    }

    /// <summary>Null where it has ended.</summary>
    private static async Task<(int Descriptors, int Kilobytes)?> SampleAsync(int pid)
    {
        try
        {
            return Processes.Status(pid, "RssAnon") is null ? null : (await Processes.IdleDescriptorsAsync(pid), Processes.Kilobytes(pid, "RssAnon"));
        }
        catch (Exception fault) when (fault is IOException or NullReferenceException)
        {
            return null;
        }
    }
}
