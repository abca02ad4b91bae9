using System.ComponentModel;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Delivery;

/// <summary>What came of a container that may lack files.</summary>
/// <param name="Missing">How many it lacked; null where that could not be told.</param>
/// <param name="Added">How many of these it got.</param>
/// <param name="Error">Why it may lack some still.</param>
/// <param name="IsOwn">Whether that is of the container, and not of the node or of another container.</param>
internal sealed record Addition(int? Missing, int Added = 0, bool IsGone = false, string? Error = null, bool IsOwn = false);

/// <summary>Gives containers the files that they lack. LXCFS is asked for nothing where none lacks any.</summary>
/// <param name="root">Where LXCFS is mounted on the node.</param>
internal sealed class MissingFiles(WorkerPool workers, string root)
{
    private const string NotReached = "it was not come to";
    private const string NotAdded = "none of its files could be mounted";

    /// <returns>What came of each, in the order of the work.</returns>
    public IReadOnlyList<Addition> Add(IReadOnlyList<ContainerWork> containers)
    {
        var (counted, countError) = Do(new(WorkKind.Count, null, 0, containers));
        var lacking = containers.Where(work => counted.GetValueOrDefault(work.Namespace) is { Done: > 0, Gone: false, Error: null }).ToList();
        var (added, addError) = lacking.Count == 0 ? ([], null) : Do(new(WorkKind.Add, root, 0, lacking));
        return [.. containers.Select(work => Of(
            counted.GetValueOrDefault(work.Namespace), countError, added.GetValueOrDefault(work.Namespace), addError))];
    }

    private static Addition Of(WorkOutcome? counted, string? countError, WorkOutcome? added, string? addError) => counted switch
    {
        null => new(null, Error: countError ?? NotReached),
        { Gone: true } => new(null, IsGone: true),
        { Error: { } error } => new(null, Error: error, IsOwn: true),
        { Done: 0 } => new(0),
        _ when added is null => new(counted.Done, Error: addError ?? NotReached),
        _ when added is { Done: 0, Gone: false, Error: null } => new(counted.Done, Error: NotAdded, IsOwn: true),
        _ => new(counted.Done, added.Done, added.Gone, added.Error, IsOwn: true),
    };

    private (Dictionary<string, WorkOutcome> Outcomes, string? Error) Do(WorkRequest request)
    {
        try
        {
            // Two containers may be said to be in one namespace: of one that is over, its number may be the other's by now.
            return (workers.Work(request).GroupBy(outcome => outcome.Namespace).ToDictionary(group => group.Key, group => group.Last()), null);
        }
        catch (Exception exception) when (exception is IOException or Win32Exception or InvalidOperationException)
        {
            return ([], exception.Message);
        }
    }
}
