namespace LxcfsAgent.Nri;

/// <summary>A message of ttrpc.</summary>
/// <param name="Stream">The number that a call and its answer share.</param>
/// <param name="IsTooLong">Whether it was longer than is taken, and passed over.</param>
internal sealed record TtrpcMessage(uint Stream, byte Type, byte[] Payload, bool IsTooLong = false)
{
    /// <summary>The length of the payload, the stream (four bytes each, the highest first), the type and flags.</summary>
    public const int HeaderLength = 10;

    /// <summary>A call, and an answer. Others belong to streams, which NRI has none of.</summary>
    public const byte Request = 1, Response = 2;
}
