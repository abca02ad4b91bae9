using System.Text.Json;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// Writes a worker's replies, each a line, from any thread. Not by .NET's console: that starts a thread at its first use, which would share
/// root and working directory with whoever wrote, and so keep it from entering a container.
/// </summary>
internal sealed class ReplyWriter(Descriptor output)
{
    /// <summary>An agent that reads no more has ended, or has given this worker up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _line = new();

    public void Write(WorkerReply reply)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(reply, WorkerJsonContext.Default.WorkerReply);
        lock (_line)
        {
            LineWriter.Write(output, [.. line, (byte)'\n'], Patience);
        }
    }
}
