using System.Collections;
using System.Collections.Immutable;
using System.Numerics;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Some rows of a table, of files or of their mounts, a bit for each: every review makes several such sets.</summary>
internal readonly record struct TableSet<T>(ImmutableArray<T> Table, uint Bits) : IEnumerable<T>
{
    public bool IsEmpty => Bits == 0;

    public static TableSet<T> operator |(TableSet<T> one, TableSet<T> other) => one with { Bits = one.Bits | other.Bits };

    public static TableSet<T> operator &(TableSet<T> one, TableSet<T> other) => one with { Bits = one.Bits & other.Bits };

    public static TableSet<T> operator -(TableSet<T> one, TableSet<T> other) => one with { Bits = one.Bits & ~other.Bits };

    public TableSet<T> With(int index) => this with { Bits = Bits | 1u << index };

    public TableSet<T> Without(int index) => this with { Bits = Bits & ~(1u << index) };

    /// <summary>The rows' places in the table, in its order.</summary>
    public IEnumerable<int> Indices()
    {
        for (var bits = Bits; bits != 0; bits &= bits - 1)
            yield return BitOperations.TrailingZeroCount(bits);
    }

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var index in Indices())
            yield return Table[index];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal static class TableSet
{
    public static TableSet<T> All<T>(ImmutableArray<T> table) => new(table, (1u << table.Length) - 1);

    public static TableSet<T> None<T>(ImmutableArray<T> table) => new(table, 0);
}
