using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LxcfsFunctions.Hosting;

/// <summary>
/// Reads settings and collects every error in them, each with the setting's name and what to write instead, so that one start
/// shows them all. A key that nobody asked for is an error too: a misspelt setting must not go unseen.
/// </summary>
/// <param name="settings">The settings and nothing else: a section, or the variables with a prefix.</param>
/// <param name="name">A setting's full name by its key, for messages.</param>
public sealed class SettingsReader(IConfiguration settings, Func<string, string> name)
{
    /// <summary>The section of the functions' settings.</summary>
    public const string Section = "Lxcfs";

    /// <summary>How a program ends whose settings have errors (sysexits.h, EX_CONFIG).</summary>
    public const int BadSettings = 78;

    /// <summary>Reads the functions' settings: the section <see cref="Section"/>.</summary>
    public SettingsReader(IConfiguration configuration)
        : this(configuration.GetSection(Section), key => $"{Section}:{key} ({Section}__{key} in the environment)")
    {
    }

    private readonly List<string> _keys = [];
    private readonly List<string> _errors = [];

    /// <summary>The keys that were asked for, without the section.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>What is wrong; ask after everything has been read.</summary>
    public IReadOnlyList<string> Errors => [.. _errors, .. UnknownKeys];

    /// <summary>What is wrong with the values that have been read.</summary>
    public IReadOnlyList<string> BadValues => _errors;

    /// <summary>What is wrong with keys that nobody asked for.</summary>
    public IEnumerable<string> UnknownKeys => settings.GetChildren()
        .Where(child => !_keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        .Select(child => $"{name(child.Key)}: there is no such setting; there are {string.Join(", ", _keys)}");

    /// <summary>Prints errors; true where there are any.</summary>
    public static bool Report(IReadOnlyList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        foreach (var error in errors)
            Console.Error.WriteLine(error);
        return errors.Count > 0;
    }

    /// <summary>Adds an error that concerns several settings.</summary>
    public void AddError(string key, string fix) => _errors.Add($"{name(key)}: {fix}");

    /// <summary>Reads one value; <paramref name="parse"/> answers null for one that can't be used.</summary>
    public T Read<T>(string key, T fallback, string expected, Func<string, T?> parse) where T : class
    {
        _keys.Add(key);
        if (settings[key]?.Trim() is not { Length: > 0 } text)
            return fallback;
        if (parse(text) is { } value)
            return value;
        AddError(key, $"'{text}' can't be used; set {expected}");
        return fallback;
    }

    /// <summary>Reads values that are separated by commas, or a JSON list.</summary>
    /// <param name="secret">Whether a value must not be repeated in a message.</param>
    public IReadOnlyList<T> ReadList<T>(string key, IReadOnlyList<T> fallback, string expected, Func<string, T?> parse, bool secret = false)
        where T : class
    {
        _keys.Add(key);
        var section = settings.GetSection(key);
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
                AddError(key, $"{(secret ? "a value" : $"'{text}'")} can't be used; set {expected}");
        }

        return [.. values.Distinct()];
    }

    /// <summary>Reads <c>true</c> or <c>false</c>, in any letter case.</summary>
    public bool ReadBool(string key, bool fallback) =>
        Read(key, fallback ? bool.TrueString : bool.FalseString, "true or false", text => bool.TryParse(text, out _) ? text : null) is var text
        && bool.Parse(text);

    /// <summary>Reads a whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int ReadNumber(string key, int fallback, int least, int most) => int.Parse(
        Read(key, $"{fallback}", $"a whole number from {least} to {most}",
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most ? text : null),
        CultureInfo.InvariantCulture);
}
