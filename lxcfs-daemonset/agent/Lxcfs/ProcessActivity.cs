using LxcfsAgent.Worker;

namespace LxcfsAgent.Lxcfs;

/// <summary>What a process does at a moment.</summary>
/// <param name="Used">The processor time that its threads have used so far, in ticks.</param>
/// <param name="WantsProcessor">Whether a thread runs or waits for a processor.</param>
internal readonly record struct ProcessActivity(long Used, bool WantsProcessor)
{
    /// <summary>One that has ended does nothing.</summary>
    public static ProcessActivity Of(int pid)
    {
        var used = 0L;
        var wants = false;
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
            {
                var stat = ProcessStat.Parse(File.ReadAllText(thread + "/stat"));
                used += stat.Used;
                wants |= stat.State == 'R';
            }
        }
        catch (IOException)
        {
            // It has ended meanwhile, or one of its threads has, which is something that it did.
        }

        return new(used, wants);
    }
}
