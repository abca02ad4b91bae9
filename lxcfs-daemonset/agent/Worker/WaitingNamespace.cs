namespace LxcfsAgent.Worker;

/// <summary>A mount namespace that a scan has come to and not looked at yet.</summary>
/// <param name="Link">Its link, as a number.</param>
/// <param name="Name">Its link, as text.</param>
/// <param name="Pid">The process that it was come to by.</param>
/// <param name="Task">The folder below /proc of that process' task that lives.</param>
/// <param name="Others">Processes in it that were come to since: the first one may have ended before it is looked at.</param>
internal sealed record WaitingNamespace(UInt128 Link, string Name, int Pid, string Task, List<int> Others);
