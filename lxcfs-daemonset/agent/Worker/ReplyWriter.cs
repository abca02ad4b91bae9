using System.Buffers;
using System.Text.Json;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// Writes a worker's replies, each a line, from any thread. Not by .NET's console: that starts a thread at its first use, which would share
/// root and working directory with whoever wrote, and so keep it from entering a container.
/// </summary>
internal sealed class ReplyWriter(Descriptor output)
{
    /// <summary>What a pipe takes at once.</summary>
    private const int Enough = 1 << 16;

    /// <summary>An agent that reads no more has ended, or has given this worker up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _line = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public void Write(WorkerReply reply) => WriteAll([reply]);

    /// <summary>Many at once cost one call of the kernel's, not one each.</summary>
    public void WriteAll(IEnumerable<WorkerReply> replies)
    {
        lock (_line)
        {
            foreach (var reply in replies)
            {
                using (var json = new Utf8JsonWriter(_buffer))
                    JsonSerializer.Serialize(json, reply, WorkerJsonContext.Default.WorkerReply);
                _buffer.Write("\n"u8);
                if (_buffer.WrittenCount >= Enough)
                    Flush();
            }

            Flush();
        }
    }

    private void Flush()
    {
        if (_buffer.WrittenCount == 0)
            return;
        LineWriter.Write(output, _buffer.WrittenSpan, Patience);
        _buffer.ResetWrittenCount();
    }
}
