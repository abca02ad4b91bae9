using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LxcfsFunctions.Admission;

/// <summary>
/// Finds the end of what nobody reads. Lists and objects are not parsed, but looked at 64 bytes at a time, by the method of Langdale and Lemire, "Parsing
/// Gigabytes of JSON per Second" (VLDB Journal, 2019), section 3.1: which quotes are escaped, which bytes lie in a string, and
/// then how many brackets are left.
/// </summary>
internal static class JsonScanner
{
    private const int BlockLength = 64;
    private const ulong OddBits = 0xAAAA_AAAA_AAAA_AAAA;

    /// <summary>The offset of the bracket that closes what the span starts inside of; -1 where there is none.</summary>
    /// <param name="json">What follows the opening bracket.</param>
    /// <param name="open">The kind of bracket that opens, and so is counted; brackets of the other kind are not looked at.</param>
    /// <param name="close">The kind that closes.</param>
    public static int EndOf(ReadOnlySpan<byte> json, byte open, byte close)
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

            ref var bytes = ref MemoryMarshal.GetReference(block);
            var outside = ~state.Strings(ref bytes);
            var closing = Bits(ref bytes, close) & outside;
            var opening = Bits(ref bytes, open) & outside;
            var closed = BitOperations.PopCount(closing);
            if (closed < depth)
            {
                depth += BitOperations.PopCount(opening) - closed;
                continue;
            }

            for (var brackets = opening | closing; brackets != 0; brackets &= brackets - 1)
            {
                var bit = brackets & (~brackets + 1);
                depth += (opening & bit) != 0 ? 1 : -1;
                if (depth == 0)
                    return at + BitOperations.TrailingZeroCount(bit);
            }
        }

        return -1;
    }

    /// <summary>The offset of the quote that closes the string that the span starts inside of; -1 where there is none.</summary>
    public static int EndOfString(ReadOnlySpan<byte> json)
    {
        var at = 0;
        while (at < json.Length && json[at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var found)
        {
            at += found;
            if (json[at] == '"')
                return at;
            at += 2;
        }

        return -1;
    }

    /// <summary>What one block has to tell the next.</summary>
    private struct State
    {
        private ulong _firstIsEscaped;
        private ulong _inString;

        /// <summary>A bit for each byte of a string, the block's first byte lowest.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Strings(ref byte block)
        {
            var quotes = Bits(ref block, (byte)'"') & ~Escaped(Bits(ref block, (byte)'\\'));
            var strings = PrefixXor(quotes) ^ _inString;
            _inString = (ulong)((long)strings >> 63);
            return strings;
        }

        /// <summary>The bytes behind an odd run of backslashes: a subtraction carries through each run at once.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private ulong Escaped(ulong backslashes)
        {
            var starts = backslashes & ~_firstIsEscaped;
            var codes = (((starts << 1) | OddBits) - starts) ^ OddBits;
            var escaped = codes ^ (backslashes | _firstIsEscaped);
            _firstIsEscaped = (codes & backslashes) >> 63;
            return escaped;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(ref byte block, byte value)
    {
        var wanted = Vector128.Create(value);
        return Vector128.Equals(Vector128.LoadUnsafe(ref block), wanted).ExtractMostSignificantBits()
            | (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref block, 16), wanted).ExtractMostSignificantBits() << 16
            | (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref block, 32), wanted).ExtractMostSignificantBits() << 32
            | (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref block, 48), wanted).ExtractMostSignificantBits() << 48;
    }

    /// <summary>Each bit becomes the parity of those up to it: set from an opening quote up to its closing one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PrefixXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        for (var shift = 1; shift < 64; shift *= 2)
            bits ^= bits << shift;
        return bits;
    }
}
