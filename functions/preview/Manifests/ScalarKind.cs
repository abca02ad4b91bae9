using System.Buffers;
using System.Globalization;
using YamlDotNet.Core;

namespace LxcfsFunctions.Manifests;

internal enum ScalarKind
{
    String,
    Null,
    True,
    False,
    Number,
}

/// <summary>What an unquoted word means to kubectl, which reads YAML 1.1: <c>yes</c> is a boolean and <c>0777</c> is octal.</summary>
internal static class Scalars
{
    private static readonly SearchValues<char> FloatCharacters = SearchValues.Create("0123456789+-.eE");

    public static ScalarKind KindOf(string value, ScalarStyle style, string? tag) =>
        style != ScalarStyle.Plain || tag is "tag:yaml.org,2002:str" or "!" ? ScalarKind.String : KindOf(value);

    /// <summary>The kind of a plain word.</summary>
    public static ScalarKind KindOf(string word) => word switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y" => ScalarKind.True,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N" => ScalarKind.False,
        _ => NumberOf(word) is null ? ScalarKind.String : ScalarKind.Number,
    };

    /// <summary>A number as JSON writes it; null for a word that is none, and for those that JSON can't write.</summary>
    public static string? NumberOf(string word)
    {
        if (word.Length == 0 || !(char.IsAsciiDigit(word[0]) || word[0] is '-' or '+' or '.'))
            return null;
        var plain = word.Replace("_", "", StringComparison.Ordinal);
        if (IntegerOf(plain) is { } integer)
            return integer.ToString(CultureInfo.InvariantCulture);
        return plain.Length > 0 && !plain.AsSpan().ContainsAnyExcept(FloatCharacters)
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number.ToString("R", CultureInfo.InvariantCulture)
            : null;
    }

    private static long? IntegerOf(string text)
    {
        var negative = text[0] == '-';
        var digits = text[0] is '-' or '+' ? text[1..] : text;
        var (prefix, radix) = digits switch
        {
            ['0', 'x', ..] => (2, 16),
            ['0', 'b', ..] => (2, 2),
            ['0', 'o', ..] => (2, 8),
            ['0', _, ..] => (1, 8),
            _ => (0, 10),
        };
        long value = 0;
        if (digits.Length == prefix)
            return null;
        foreach (var digit in digits.AsSpan(prefix))
        {
            if (!char.IsAsciiHexDigit(digit) || Convert.ToInt32($"{digit}", 16) is var next && next >= radix || value > (long.MaxValue - next) / radix)
                return null;
            value = value * radix + next;
        }

        return negative ? -value : value;
    }
}
