using CsCheck;

namespace LxcfsAgent.Tests.Plans;

/// <summary>One of some values; one that is listed twice comes twice as often.</summary>
internal static class Choice
{
    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
