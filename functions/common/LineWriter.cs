using System.Buffers;

namespace LxcfsFunctions.Hosting;

/// <summary>
/// Lines for a stream. A system call for each one costs more than a decision, so a thread writes all that have come since its
/// last call at once.
/// </summary>
internal sealed class LineWriter : IDisposable
{
    /// <summary>Bytes. A reader that falls this far behind holds the callers up, so that no line is lost.</summary>
    private const int MostWaiting = 1 << 20;

    /// <summary>How late a line may be: waking a thread for each one costs as much as writing it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    private readonly Lock _entry = new();
    private readonly Stream _output;
    private readonly AutoResetEvent _written = new(false);
    private readonly ManualResetEventSlim _taken = new();
    private readonly ManualResetEvent _ending = new(false);
    private readonly Thread _writer;
    private ArrayBufferWriter<byte> _waiting = new(64 << 10);
    private ArrayBufferWriter<byte> _writing = new(64 << 10);
    private volatile bool _ended;

    public LineWriter(Stream output)
    {
        _output = output;
        _writer = new(WriteLines) { IsBackground = true, Name = "Log" };
        _writer.Start();
    }

    public void Write(ReadOnlySpan<byte> line)
    {
        while (true)
        {
            lock (_entry)
            {
                if (_waiting.WrittenCount < MostWaiting)
                {
                    var first = _waiting.WrittenCount == 0;
                    _waiting.Write(line);
                    if (first)
                        _written.Set();
                    return;
                }

                _taken.Reset();
            }

            _taken.Wait();
        }
    }

    /// <summary>Returns when every line has been written.</summary>
    public void Dispose()
    {
        _ended = true;
        _ending.Set();
        _written.Set();
        _writer.Join();
        _written.Dispose();
        _taken.Dispose();
        _ending.Dispose();
    }

    private void WriteLines()
    {
        while (true)
        {
            _written.WaitOne();
            if (!_ended)
                _ending.WaitOne(Patience);
            lock (_entry)
            {
                (_waiting, _writing) = (_writing, _waiting);
                _taken.Set();
            }

            _output.Write(_writing.WrittenSpan);
            _writing.ResetWrittenCount();
            if (_ended && _waiting.WrittenCount == 0)
                return;
            if (_ended)
                _written.Set();
        }
    }
}
