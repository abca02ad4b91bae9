using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>Waits for the containers of a node to see their own limits again.</summary>
internal sealed class Healing(RunningPods pods)
{
    /// <summary>
    /// Until each of them has the files of the LXCFS that is mounted now, once and read-only, and has read them without a fault.
    /// </summary>
    /// <returns>From then to the end of the first good round of the last one that had a bad one.</returns>
    public async Task<TimeSpan> SinceAsync(TimeSpan then)
    {
        await Eventually.TrueAsync(() => WhyUnserved() is null, () => WhyUnserved() ?? "only now");
        var rounds = pods.Look(readers => readers.ToDictionary(reader => reader, reader => reader.Report.Rounds));
        // The round that ran meanwhile may have begun before.
        await Eventually.TrueAsync(() => pods.Look(readers => readers.All(HasRead)), Unread);
        return pods.Look(readers => readers.Select(Broken).Append(TimeSpan.Zero).Max());

        bool HasRead(Reader reader) =>
            !rounds.TryGetValue(reader, out var before) || (reader.Report.Rounds >= before + 2 && reader.Report.BrokenSince is null);

        string Unread() => pods.Look(readers => string.Join(
            '\n', readers.Where(reader => !HasRead(reader)).Select(reader => $"{reader.Container.Id}: {reader.Report}")));

        TimeSpan Broken(Reader reader) => reader.Report.LastBad > then && reader.Report.Healed > then ? reader.Report.Healed.Value - then : TimeSpan.Zero;
    }

    private string? WhyUnserved() =>
        pods.Look(readers => readers.Select(reader => Apps.WhyUnserved(reader.Container)).FirstOrDefault(why => why is not null));
}
