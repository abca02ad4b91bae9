using System.Globalization;

namespace LxcfsAgent.Worker;

/// <summary>What a stat file of /proc tells of a process or one of its threads, as proc_pid_stat(5) describes it. Pure.</summary>
/// <param name="State">A letter, such as <c>R</c> for one that runs or waits for a processor.</param>
/// <param name="Parent">The number of its parent.</param>
/// <param name="Used">Processor time used so far, its own and the kernel's for it, in ticks.</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="Started">When it started, in ticks since the node did.</param>
internal readonly record struct ProcessStat(char State, int Parent, long Used, long Threads, long Started)
{
    /// <summary>All zero for a text that is not such a file's, as that of a process that has ended.</summary>
    public static ProcessStat Parse(string text)
    {
        // The second field, a name in brackets, may hold anything.
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        const int state = 0, parent = 1, user = 11, system = 12, threads = 17, started = 19;
        return fields.Length > started
            ? new(fields[state][0], (int)Number(fields[parent]), Number(fields[user]) + Number(fields[system]), Number(fields[threads]), Number(fields[started]))
            : default;
    }

    private static long Number(string field) => long.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
