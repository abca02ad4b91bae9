using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LxcfsAgent.Native;

/// <summary>Lines of a pipe, each waited for no longer than agreed, and up to a length.</summary>
/// <param name="longest">How many bytes a line may have; a longer one is left out, and counted.</param>
internal sealed unsafe class LineReader(Descriptor pipe, int longest)
{
    private bool _isLeavingOut;

    private byte[] _buffer = new byte[16384];
    private int _start;
    private int _end;

    /// <summary>How many lines were too long.</summary>
    public int TooLong { get; private set; }

    /// <summary>The next line without its end; lies in a buffer that the next call may overwrite.</summary>
    /// <returns>Null when none came in time; empty for one that was too long, once its end has come.</returns>
    /// <exception cref="EndOfStreamException">Nobody writes to it any more.</exception>
    public ReadOnlyMemory<byte>? Next(TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        var searched = _start;
        while (true)
        {
            var length = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + length - _start);
                _start = searched + length + 1;
                return Kept(line);
            }

            if (_isLeavingOut || _end - _start > longest)
                (_isLeavingOut, _start, _end) = (true, 0, 0);
            searched = MakeRoom();
            if (!Readiness.Await(pipe, ProcessCalls.PollIn, patience - Stopwatch.GetElapsedTime(started)))
                return null;
            Fill();
        }
    }

    private ReadOnlyMemory<byte> Kept(ReadOnlyMemory<byte> line)
    {
        if (!_isLeavingOut && line.Length <= longest)
            return line;
        _isLeavingOut = false;
        TooLong++;
        return default;
    }

    /// <returns>Up to where the line was searched for already.</returns>
    private int MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        return _end;
    }

    private void Fill()
    {
        nint count;
        fixed (byte* target = &_buffer[_end])
            count = Libc.Read(pipe.Number, target, _buffer.Length - _end);
        if (count == 0)
            throw new EndOfStreamException("nobody writes to the pipe any more");
        if (count > 0)
            _end += (int)count;
        else if (Marshal.GetLastPInvokeError() is not (Libc.Eintr or Libc.Eagain))
            throw Descriptor.Failed("read");
    }
}
