using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LxcfsFunctions.Admission;

/// <summary>
/// Finds the end of a list without parsing it, 64 bytes at a time, by the method of Langdale and Lemire, "Parsing Gigabytes of
/// JSON per Second" (VLDB Journal, 2019), section 3.1: which quotes are escaped, which bytes lie in a string, and then how many
/// brackets are left.
/// </summary>
internal static class JsonScanner
{
    private const int BlockLength = 64;
    private const ulong OddBits = 0xAAAA_AAAA_AAAA_AAAA;

    /// <summary>The offset of the bracket that closes the list that the span starts inside of; -1 where there is none.</summary>
    public static int EndOfList(ReadOnlySpan<byte> json)
    {
        Span<byte> last = stackalloc byte[BlockLength];
        var state = default(State);
        var depth = 1;
        for (var at = 0; at < json.Length; at += BlockLength)
        {
            scoped var block = json[at..];
            if (block.Length < BlockLength)
            {
                last.Clear();
                block.CopyTo(last);
                block = last;
            }

            var (open, close) = state.Brackets(ref MemoryMarshal.GetReference(block));
            var closing = BitOperations.PopCount(close);
            if (closing < depth)
            {
                depth += BitOperations.PopCount(open) - closing;
                continue;
            }

            for (var brackets = open | close; brackets != 0; brackets &= brackets - 1)
            {
                var bit = brackets & (~brackets + 1);
                depth += (open & bit) != 0 ? 1 : -1;
                if (depth == 0)
                    return at + BitOperations.TrailingZeroCount(bit);
            }
        }

        return -1;
    }

    /// <summary>What one block has to tell the next.</summary>
    private struct State
    {
        private ulong _firstIsEscaped;
        private ulong _inString;

        /// <summary>A bit for each bracket outside of strings, the block's first byte lowest.</summary>
        public (ulong Open, ulong Close) Brackets(ref byte block)
        {
            var quotes = Bits(ref block, (byte)'"') & ~Escaped(Bits(ref block, (byte)'\\'));
            var strings = PrefixXor(quotes) ^ _inString;
            _inString = (ulong)((long)strings >> 63);
            return (Bits(ref block, (byte)'[') & ~strings, Bits(ref block, (byte)']') & ~strings);
        }

        /// <summary>The bytes behind an odd run of backslashes: a subtraction carries through each run at once.</summary>
        private ulong Escaped(ulong backslashes)
        {
            var starts = backslashes & ~_firstIsEscaped;
            var codes = (((starts << 1) | OddBits) - starts) ^ OddBits;
            var escaped = codes ^ (backslashes | _firstIsEscaped);
            _firstIsEscaped = (codes & backslashes) >> 63;
            return escaped;
        }
    }

    private static ulong Bits(ref byte block, byte value)
    {
        var wanted = Vector256.Create(value);
        return Vector256.Equals(Vector256.LoadUnsafe(ref block), wanted).ExtractMostSignificantBits()
            | (ulong)Vector256.Equals(Vector256.LoadUnsafe(ref block, 32), wanted).ExtractMostSignificantBits() << 32;
    }

    /// <summary>Each bit becomes the parity of those up to it: set from an opening quote up to its closing one.</summary>
    private static ulong PrefixXor(ulong bits)
    {
        for (var shift = 1; shift < 64; shift *= 2)
            bits ^= bits << shift;
        return bits;
    }
}
