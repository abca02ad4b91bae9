using LxcfsAgent.Worker;

namespace LxcfsAgent.Lxcfs;

/// <summary>What a process does at a moment.</summary>
/// <param name="Used">The processor time that its threads have used so far, in ticks.</param>
/// <param name="WantsProcessor">Whether a thread runs or waits for a processor.</param>
/// <param name="WaitsForDisk">Whether a thread waits for the kernel and can't be interrupted, mostly for a page that has to be read from a disk.</param>
internal readonly record struct ProcessActivity(long Used, bool WantsProcessor, bool WaitsForDisk = false)
{
    /// <summary>
    /// Of an LXCFS that owes an answer and of who has asked it, and may not have come to it yet. LXCFS may wait for the disk, which any tenant can keep
    /// busy. Of who asks that can't be told: for a page of a file of LXCFS the kernel has him wait in the same way.
    /// </summary>
    /// <param name="reader">Null where that has not been started yet.</param>
    public static ProcessActivity OfAnswer(int lxcfs, int? reader) =>
        Join(Of(lxcfs), reader is { } pid ? Of(pid) : new(0, WantsProcessor: true));

    public static ProcessActivity Join(ProcessActivity lxcfs, ProcessActivity reader) => new(
        lxcfs.Used + reader.Used, lxcfs.WantsProcessor || lxcfs.WaitsForDisk || reader.WantsProcessor);

    /// <summary>One that has ended does nothing.</summary>
    public static ProcessActivity Of(int pid)
    {
        var used = 0L;
        var (wants, waits) = (false, false);
        try
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
            {
                var stat = ProcessStat.Parse(File.ReadAllText(thread + "/stat"));
                used += stat.Used;
                wants |= stat.State == 'R';
                waits |= stat.State == 'D';
            }
        }
        catch (IOException)
        {
            // It has ended meanwhile, or one of its threads has, which is something that it did.
        }

        return new(used, wants, waits);
    }
}
