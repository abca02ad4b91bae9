namespace LxcfsNode.Tests.Hostile.Hour;

/// <summary>The largest sum of times that end within one stretch of a length. Pure.</summary>
internal sealed class WorstWindow(TimeSpan length)
{
    private readonly Queue<(TimeSpan End, TimeSpan Time)> _window = [];
    private TimeSpan _sum;

    public TimeSpan Sum { get; private set; }

    /// <param name="end">No earlier than the one before.</param>
    public void Add(TimeSpan end, TimeSpan time)
    {
        if (time > length)
            time = length;
        _window.Enqueue((end, time));
        _sum += time;
        while (_window.Peek().End <= end - length)
            _sum -= _window.Dequeue().Time;
        if (_sum > Sum)
            Sum = _sum;
    }
}
