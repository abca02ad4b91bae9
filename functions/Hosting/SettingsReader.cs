using System.Globalization;

namespace LxcfsFunctions.Hosting;

/// <summary>
/// Reads the section <c>Lxcfs</c> of the configuration and collects every mistake in it, each with its key and its cure, so
/// that one start shows them all. A key that nobody asked for is a mistake too: a misspelt setting must not go unseen.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    public const string Section = "Lxcfs";

    private readonly IConfigurationSection _section = configuration.GetSection(Section);
    private readonly List<string> _keys = [];
    private readonly List<string> _mistakes = [];

    /// <summary>The keys that were asked for, without the section.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>What is wrong; ask after everything has been read.</summary>
    public IReadOnlyList<string> Mistakes => [.. _mistakes, .. UnknownKeys];

    /// <summary>What is wrong with the values that have been read.</summary>
    public IReadOnlyList<string> BadValues => _mistakes;

    /// <summary>What is wrong with keys that nobody asked for.</summary>
    public IEnumerable<string> UnknownKeys => _section.GetChildren()
        .Where(child => !_keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        .Select(child => $"{Name(child.Key)}: there is no such setting; there are {string.Join(", ", _keys)}");

    public void AddMistake(string key, string cure) => _mistakes.Add($"{Name(key)}: {cure}");

    /// <summary>Reads one value; <paramref name="parse"/> answers null for one that can't be used.</summary>
    public T Read<T>(string key, T fallback, string expected, Func<string, T?> parse) where T : class
    {
        _keys.Add(key);
        if (_section[key]?.Trim() is not { Length: > 0 } text)
            return fallback;
        if (parse(text) is { } value)
            return value;
        AddMistake(key, $"'{text}' can't be used; set {expected}");
        return fallback;
    }

    /// <summary>Reads values that are separated by commas, or a JSON list.</summary>
    /// <param name="secret">Whether a value must not be repeated in a message.</param>
    public IReadOnlyList<T> ReadList<T>(string key, IReadOnlyList<T> fallback, string expected, Func<string, T?> parse, bool secret = false)
        where T : class
    {
        _keys.Add(key);
        var section = _section.GetSection(key);
        var texts = section.GetChildren().Select(child => child.Value ?? "")
            .Concat((section.Value ?? "").Split(',')).Select(text => text.Trim()).Where(text => text.Length > 0).ToArray();
        if (texts.Length == 0)
            return fallback;

        var values = new List<T>();
        foreach (var text in texts)
        {
            if (parse(text) is { } value)
                values.Add(value);
            else
                AddMistake(key, $"{(secret ? "a value" : $"'{text}'")} can't be used; set {expected}");
        }

        return [.. values.Distinct()];
    }

    public bool ReadBool(string key, bool fallback) =>
        Read(key, fallback ? bool.TrueString : bool.FalseString, "true or false", text => bool.TryParse(text, out _) ? text : null) is var text
        && bool.Parse(text);

    public int ReadNumber(string key, int fallback, int least, int most) => int.Parse(
        Read(key, $"{fallback}", $"a whole number from {least} to {most}",
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most ? text : null),
        CultureInfo.InvariantCulture);

    private static string Name(string key) => $"{Section}:{key} ({Section}__{key} in the environment)";
}
