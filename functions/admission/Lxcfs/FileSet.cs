using System.Collections;
using System.Collections.Immutable;
using System.Numerics;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Some of the files of a table, a bit for each: every review makes several such sets.</summary>
internal readonly record struct FileSet(ImmutableArray<LxcfsFile> Table, uint Bits) : IEnumerable<LxcfsFile>
{
    public static FileSet All(ImmutableArray<LxcfsFile> table) => new(table, (1u << table.Length) - 1);

    public static FileSet None(ImmutableArray<LxcfsFile> table) => new(table, 0);

    public bool IsEmpty => Bits == 0;

    public static FileSet operator |(FileSet one, FileSet other) => one with { Bits = one.Bits | other.Bits };

    public static FileSet operator &(FileSet one, FileSet other) => one with { Bits = one.Bits & other.Bits };

    public static FileSet operator -(FileSet one, FileSet other) => one with { Bits = one.Bits & ~other.Bits };

    public FileSet With(int index) => this with { Bits = Bits | 1u << index };

    public FileSet Without(int index) => this with { Bits = Bits & ~(1u << index) };

    /// <summary>The files' places in the table, in its order.</summary>
    public IEnumerable<int> Indices()
    {
        for (var bits = Bits; bits != 0; bits &= bits - 1)
            yield return BitOperations.TrailingZeroCount(bits);
    }

    public IEnumerator<LxcfsFile> GetEnumerator()
    {
        foreach (var index in Indices())
            yield return Table[index];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
