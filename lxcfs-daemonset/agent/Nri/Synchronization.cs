namespace LxcfsAgent.Nri;

/// <summary>Puts together what the runtime lists at a registration, in pieces of any number, up to a measure of memory.</summary>
internal sealed class Synchronization
{
    private readonly MemoryBudget _budget = new(NriLimits.Everything);

    public List<NriPod> Pods { get; } = [];

    public List<NriContainer> Containers { get; } = [];

    /// <summary>How many pods and containers were larger than is taken, or one too many.</summary>
    public int LeftOut { get; private set; }

    /// <returns>Whether more pieces follow.</returns>
    /// <exception cref="InvalidDataException">It is no protobuf.</exception>
    public bool Add(ReadOnlySpan<byte> piece)
    {
        var more = false;
        for (var reader = new ProtoReader(piece); reader.Next();)
        {
            if (reader.Field == NriApi.SynchronizeRequest.More)
                more = reader.Number != 0;
            else if (reader.Field == NriApi.SynchronizeRequest.Pods)
                Add(reader.Bytes, NriLimits.Pod, Pods, NriReader.Pod);
            else if (reader.Field == NriApi.SynchronizeRequest.Containers)
                Add(reader.Bytes, NriLimits.Container, Containers, NriReader.Container);
        }

        return more;
    }

    private void Add<T>(ReadOnlySpan<byte> message, int most, List<T> list, Func<ReadOnlySpan<byte>, MemoryBudget, T?> read)
        where T : class
    {
        // Once too little is left for an empty one, the rest costs no time either.
        var budget = new MemoryBudget(Math.Min(most, _budget.Left));
        if (budget.TryTake(4 * NriLimits.Entry) && read(message, budget) is { } item && _budget.TryTake(budget.Used))
            list.Add(item);
        else
            LeftOut++;
    }
}
