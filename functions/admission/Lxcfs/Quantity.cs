using System.Buffers;
using System.Globalization;

namespace LxcfsFunctions.Lxcfs;

/// <summary>
/// Kubernetes' quantities: <c>500m</c>, <c>1.5</c>, <c>2Gi</c>, <c>1e3</c>, <c>32000M</c>
/// (k8s.io/apimachinery/pkg/api/resource, "Quantity").
/// </summary>
internal static class Quantity
{
    /// <summary>The largest amount there is: Kubernetes caps at 2^63-1.</summary>
    public const decimal Max = long.MaxValue;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("+-.0123456789");

    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("", 1),
        ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m),
        ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
    ];

    /// <summary>Reads an amount of at least zero; false for anything that is not a quantity.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal amount)
    {
        amount = 0;
        var digits = text.IndexOfAnyExcept(NumberCharacters);
        var number = digits < 0 ? text : text[..digits];
        if (!decimal.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value < 0
            || !TryParseFactor(digits < 0 ? [] : text[digits..], out var factor))
            return false;

        // A product past the cap may not even fit a decimal.
        amount = value > 0 && factor > Max / value ? Max : value * factor;
        return true;
    }

    private static bool TryParseFactor(ReadOnlySpan<char> suffix, out decimal factor)
    {
        foreach (var (name, value) in Suffixes)
        {
            factor = value;
            if (suffix.SequenceEqual(name))
                return true;
        }

        factor = 1;
        if (suffix is not ['e' or 'E', ..] || !int.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
            return false;
        for (var i = 0; i < Math.Min(Math.Abs((long)exponent), 20); i++)
            factor = exponent > 0 ? factor * 10 : factor / 10;
        return true;
    }
}
