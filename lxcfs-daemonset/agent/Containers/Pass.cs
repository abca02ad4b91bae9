using System.Collections.Concurrent;
using System.ComponentModel;
using LxcfsAgent.Native;

namespace LxcfsAgent.Containers;

/// <summary>A container with those of its files that something is to be done about.</summary>
internal sealed record Finding(Container Container, IReadOnlyList<ViewedFile> Files);

/// <summary>What was done about the findings of one look at the node's containers.</summary>
/// <param name="Found">How many files something was to be done about.</param>
/// <param name="Done">How many of these it was done about.</param>
/// <param name="Faults">The containers where it failed, and why; the next pass tries again.</param>
internal sealed record Pass(int Found, int Done, IReadOnlyList<string> Faults)
{
    /// <summary>
    /// For every file that is unmounted the kernel has its caller wait until no processor can be using it any more, for
    /// milliseconds on a busy node. Those who wait at the same time wait for the same.
    /// </summary>
    private const int AtOnce = 6;

    /// <summary>Does the work on each finding, on threads that may enter mount namespaces.</summary>
    /// <param name="work">Answers how many files it was done about.</param>
    public static Pass Over(IReadOnlyCollection<Finding> findings, Func<MountNamespace.Roamer, Finding, int> work)
    {
        var (queue, faults, done) = (new ConcurrentQueue<Finding>(findings), new ConcurrentQueue<string>(), 0);
        MountNamespace.Roam(Math.Min(AtOnce, findings.Count), roamer =>
        {
            while (queue.TryDequeue(out var finding))
            {
                try
                {
                    Interlocked.Add(ref done, work(roamer, finding));
                }
                catch (Win32Exception exception)
                {
                    // A container that has ended meanwhile needs nothing.
                    if (finding.Container.Mounts.Count > 0)
                        faults.Enqueue($"{finding.Container.Id} (process {finding.Container.Pid}): {exception.Message}");
                }
            }
        });
        return new(findings.Sum(finding => finding.Files.Count), done, [.. faults]);
    }
}
