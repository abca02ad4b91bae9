using System.Buffers;
using System.Text.Json;

namespace LxcfsFunctions.Manifests;

/// <summary>Writes new values on one line: as JSON, or as YAML does between brackets.</summary>
internal sealed class FlowWriter
{
    /// <summary>What needs no quotes in any place of a YAML text.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("/-_.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly bool _quotes;
    private readonly string _colon;
    private readonly string _comma;

    private FlowWriter(bool quotes, bool spaces) =>
        (_quotes, _colon, _comma) = (quotes, spaces ? ": " : ":", spaces ? ", " : ",");

    /// <summary><c>{name: a, value: "1"}</c></summary>
    public static FlowWriter Yaml { get; } = new(quotes: false, spaces: true);

    /// <summary><c>{"name": "a", "value": "1"}</c></summary>
    public static FlowWriter Json { get; } = new(quotes: true, spaces: true);

    /// <summary><c>{"name":"a","value":"1"}</c></summary>
    public static FlowWriter CompactJson { get; } = new(quotes: true, spaces: false);

    public string Comma => _comma;

    public string Write(Node value) => value switch
    {
        MapNode map => $"{{{string.Join(_comma, map.Members.Select(Write))}}}",
        ListNode list => $"[{string.Join(_comma, list.Items.Select(Write))}]",
        ScalarNode { Kind: ScalarKind.String, Value: var text } => _quotes || !IsPlain(text) ? Quote(text) : text,
        ScalarNode scalar => scalar.Value,
        _ => throw new InvalidOperationException("An alias is never new."),
    };

    public string Write(Member member) => Write(member.Key) + _colon + Write(member.Value);

    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '/') && !text.AsSpan().ContainsAnyExcept(Plain) && Scalars.KindOf(text) == ScalarKind.String;
}
