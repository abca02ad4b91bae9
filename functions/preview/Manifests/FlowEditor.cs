using YamlDotNet.Core;

namespace LxcfsFunctions.Manifests;

/// <summary>Edits what is written in brackets and braces, JSON among it.</summary>
internal static class FlowEditor
{
    public static IEnumerable<TextEdit> Add(string text, ListNode list, Change change) => change.Items.Count == 0
        ? []
        : [Insertion(text, list, list.Items.Select(item => item.Span), change.Depth, writer => change.Items.Select(writer.Write))];

    public static IEnumerable<TextEdit> Add(string text, MapNode map, Change change) => change.Members.Count == 0
        ? []
        : [Insertion(text, map, map.Members.Select(member => new SourceSpan(member.Key.Span.Start, member.Value.Span.End, 0, 0)), change.Depth,
            writer => change.Members.Select(writer.Write))];

    public static IEnumerable<TextEdit> Replace(string text, Replacement replacement, int depth)
    {
        var (present, value) = (replacement.Present, replacement.Value);
        if (present.Target is ScalarNode old && value is ScalarNode { Value: var word } && old.Value == word && old.Kind == ScalarKind.String)
            return [];
        var written = present.Target is ScalarNode { Style: ScalarStyle.SingleQuoted }
            && value is ScalarNode { Value: var plain } && !plain.Contains('\'', StringComparison.Ordinal)
            ? $"'{plain}'"
            : WriterOf(text, present.Span.Start).Write(value);
        var space = present.Span.Start > 0 && text[present.Span.Start - 1] == ':' ? " " : "";
        return [new(present.Span.Start, present.Span.End, space + written, depth)];
    }

    /// <summary>Behind the last one, or behind the opening bracket; on lines of their own where those that are there have them.</summary>
    private static TextEdit Insertion(string text, Node target, IEnumerable<SourceSpan> present, int depth, Func<FlowWriter, IEnumerable<string>> write)
    {
        var open = target.Span.Start;
        while (text[open] is not ('[' or '{'))
            open++;
        var writer = WriterOf(text, open);
        var places = present.ToArray();
        if (places.Length == 0)
            return new(open + 1, open + 1, string.Join(writer.Comma, write(writer)), depth);
        var last = places[^1];
        var separator = OwnLine(text, last.Start) is { } line ? writer.Comma.TrimEnd() + line : writer.Comma;
        return new(last.End, last.End, string.Concat(write(writer).Select(value => separator + value)), depth);
    }

    /// <summary>The line break and indentation in front of what begins a line; null where something else does.</summary>
    private static string? OwnLine(string text, int start)
    {
        var line = TextScan.StartOfLine(text, start);
        var indent = text[line..start];
        return line > 0 && string.IsNullOrWhiteSpace(indent) ? TextScan.LineBreak(text, start) + indent : null;
    }

    /// <summary>Quotes where the text around it has them, and spaces where it has those.</summary>
    private static FlowWriter WriterOf(string text, int at)
    {
        var line = text.AsSpan(TextScan.StartOfLine(text, at));
        var colon = text.AsSpan(0, at).LastIndexOf(':');
        var quoted = colon > 0 && text[colon - 1] == '"' || line.TrimStart() is ['"' or '{' or '}', '"', ..];
        return !quoted ? FlowWriter.Yaml
            : colon > 0 && colon + 1 < text.Length && char.IsWhiteSpace(text[colon + 1]) ? FlowWriter.Json
            : FlowWriter.CompactJson;
    }
}
