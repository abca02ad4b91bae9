using System.Text.Json;
using LxcfsAgent.Native;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

/// <summary>A scan of this machine, as a worker does it.</summary>
internal static class ScanRun
{
    public static ScanSummary Of(ScanRequest request, TimeProvider clock, int longestTable = ProcFolder.DefaultLongestTable, Func<IEnumerable<int>>? all = null)
    {
        using var pipe = Pipe.Create();
        using var proc = new ProcFolder(longestTable);
        new NodeScan(proc, request, new(pipe.Write), clock, new(), all).Run();
        var lines = new LineReader(pipe.Read, longest: 1 << 20);
        while (true)
        {
            var reply = JsonSerializer.Deserialize(lines.Next(TimeSpan.FromSeconds(30))!.Value.Span, WorkerJsonContext.Default.WorkerReply)!;
            if (reply.Summary is { } summary)
                return summary;
        }
    }
}
