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
    /// <summary>Does the work on each finding, on a thread that may enter mount namespaces.</summary>
    /// <param name="work">Answers how many files it was done about.</param>
    public static Pass Over(IReadOnlyList<Finding> findings, Func<MountNamespace.Roamer, Finding, int> work) =>
        findings.Count == 0 ? new(0, 0, []) : MountNamespace.Roam(roamer =>
        {
            var done = 0;
            var faults = new List<string>();
            foreach (var finding in findings)
            {
                try
                {
                    done += work(roamer, finding);
                }
                catch (Win32Exception exception)
                {
                    // A container that has ended meanwhile needs nothing.
                    if (finding.Container.Mounts.Count > 0)
                        faults.Add($"{finding.Container.Id} (process {finding.Container.Pid}): {exception.Message}");
                }
            }

            return new Pass(findings.Sum(finding => finding.Files.Count), done, faults);
        });
}
