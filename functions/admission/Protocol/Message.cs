using System.Globalization;

namespace LxcfsFunctions.Admission;

/// <summary>Something that a user is told. kubectl shows the sentence; who speaks other languages goes by the code and the values.</summary>
/// <param name="Code">One word, which stays the same when the sentence is improved.</param>
/// <param name="Template">The sentence in English, with {0}, {1} for the values.</param>
/// <param name="Values">What it is about: names, paths, the value that is wrong.</param>
internal sealed record Message(string Code, string Template, params string[] Values)
{
    /// <summary>Characters of a value: no sentence is read to the end of a longer one.</summary>
    private const int LongestValue = 1000;

    public string Text => string.Format(CultureInfo.InvariantCulture, Template, [.. Values.Select(value => value.Length > LongestValue ? value[..LongestValue] + "..." : value)]);

    public bool Equals(Message? other) => other is not null && Code == other.Code && Values.AsSpan().SequenceEqual(other.Values);

    public override int GetHashCode() => Values.Aggregate(Code.GetHashCode(StringComparison.Ordinal), HashCode.Combine);

    public override string ToString() => Text;
}
