using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>What lxcfs-reader counts inside a container, read while it runs: struct report of tests/LxcfsNode.Tests/reader/lxcfs-reader.c.</summary>
internal sealed class ReaderCounts : IDisposable
{
    private const int Size = 4096;
    private const int ErrorOffset = 48, ErrorSize = 208, BrokenOffset = ErrorOffset + ErrorSize, LongestOffset = BrokenOffset + sizeof(ulong);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <param name="path">Made by the container.</param>
    public ReaderCounts(string name, string path)
    {
        Name = name;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        _view = _file.CreateViewAccessor(0, Size);
    }

    public string Name { get; }

    public ulong Rounds => _view.ReadUInt64(0);

    public ulong Reads => _view.ReadUInt64(8);

    public ulong Failed => _view.ReadUInt64(16);

    public ulong Wrong => _view.ReadUInt64(24);

    /// <summary>Whether no round has been good since one was not.</summary>
    public bool IsBroken => _view.ReadUInt64(BrokenOffset) != 0;

    /// <summary>The longest time between two good rounds with a bad one between, the one that goes on included.</summary>
    public TimeSpan LongestBroken => TimeSpan.FromTicks((long)(Math.Max(
        _view.ReadUInt64(LongestOffset), _view.ReadUInt64(BrokenOffset) is > 0 and var since ? Now - since : 0) / 100));

    /// <summary>Makes the file first; a container that is started again goes on counting in it.</summary>
    public static ReaderCounts Make(string path)
    {
        using (var file = File.Create(path))
            file.SetLength(Size);
        // Not every container runs as root.
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        return new(Path.GetFileName(path), path);
    }

    /// <summary>Whether a container has made the file: the first thing that its reader does.</summary>
    public static bool AreAt(string path) => new FileInfo(path) is { Exists: true, Length: Size };

    public string LastError
    {
        get
        {
            var bytes = new byte[ErrorSize];
            _view.ReadArray(ErrorOffset, bytes, 0, ErrorSize);
            return Encoding.UTF8.GetString(bytes).TrimEnd('\0');
        }
    }

    /// <summary>Nanoseconds of the reader's clock.</summary>
    private static ulong Now => (ulong)(Stopwatch.GetTimestamp() * (1_000_000_000.0 / Stopwatch.Frequency));

    /// <summary>The longest time begins anew.</summary>
    public void ForgetLongest() => _view.Write(LongestOffset, 0UL);

    public override string ToString() => $"{Name}: {Reads} reads, {Failed} failed, {Wrong} wrong, last error: {LastError}";

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
