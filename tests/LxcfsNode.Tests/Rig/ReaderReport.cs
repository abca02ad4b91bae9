using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace LxcfsNode.Tests.Rig;

/// <summary>What lxcfs-reader counts inside a container, read while it runs: struct report of lxcfs-reader.c.</summary>
internal sealed class ReaderReport : IDisposable
{
    private const int Size = 4096;
    private const int ErrorOffset = 48, ErrorSize = 208, BrokenOffset = ErrorOffset + ErrorSize, LongestOffset = BrokenOffset + sizeof(ulong),
        EmptyOffset = LongestOffset + sizeof(ulong);
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public ReaderReport(string path)
    {
        using (var file = File.Create(path))
            file.SetLength(Size);
        // Root in a user namespace is somebody else here.
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _view = _file.CreateViewAccessor(0, Size);
    }

    public ulong Rounds => _view.ReadUInt64(0);

    public ulong Reads => _view.ReadUInt64(8);

    public ulong Failures => _view.ReadUInt64(16);

    /// <summary>Those of the failures that ended without an error, and without a byte: they told nothing, so nothing wrong.</summary>
    public ulong Empty => _view.ReadUInt64(EmptyOffset);

    public ulong Wrong => _view.ReadUInt64(24);

    /// <summary>When the last read failed or was wrong; null when none was.</summary>
    public TimeSpan? LastBad => At(32);

    /// <summary>When the first good round after the last bad one ended.</summary>
    public TimeSpan? Healed => At(40);

    /// <summary>The last good round, while none has been since a read failed or was wrong.</summary>
    public TimeSpan? BrokenSince => At(BrokenOffset);

    /// <summary>The longest time between two good rounds with a bad one between, the one that goes on included.</summary>
    public TimeSpan LongestBroken => new(Math.Max((At(LongestOffset) ?? default).Ticks, BrokenSince is { } since ? (Now - since).Ticks : 0));

    /// <summary>What was wrong last, or why a read failed where nothing was ever wrong.</summary>
    public string LastError
    {
        get
        {
            var bytes = new byte[ErrorSize];
            _view.ReadArray(ErrorOffset, bytes, 0, ErrorSize);
            return Encoding.UTF8.GetString(bytes).TrimEnd('\0');
        }
    }

    /// <summary>The clock of the report.</summary>
    public static TimeSpan Now => TimeSpan.FromTicks(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / TimeSpan.TicksPerSecond));

    public override string ToString() => $"{Reads} reads, {Failures} failed, {Wrong} wrong, last error: {LastError}";

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private TimeSpan? At(long offset) => _view.ReadUInt64(offset) is > 0 and var nanoseconds ? TimeSpan.FromTicks((long)(nanoseconds / 100)) : null;
}
