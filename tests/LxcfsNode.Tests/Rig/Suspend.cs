namespace LxcfsNode.Tests.Rig;

internal static class Suspend
{
    private const string StateOfStopped = "T";

    /// <summary>SIGSTOP. Threads heed it one by one, and until the last of them does, the process may go on answering.</summary>
    public static Task ProcessAsync(int pid)
    {
        Libc.Signal(pid, Libc.SigStop);
        return Eventually.TrueAsync(() => Directory.EnumerateDirectories($"/proc/{pid}/task").All(IsStopped), () => $"process {pid} goes on after SIGSTOP");
    }

    /// <summary>A name in parentheses, which may hold anything, stands before the state. A thread that ended meanwhile is no obstacle.</summary>
    private static bool IsStopped(string thread)
    {
        try
        {
            var stat = File.ReadAllText($"{thread}/stat");
            return stat[(stat.LastIndexOf(')') + 1)..].TrimStart().StartsWith(StateOfStopped, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
    }
}
