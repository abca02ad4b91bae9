namespace LxcfsFunctions.Manifests;

/// <summary>Turns changes into edits of the text around them, in the style that is there.</summary>
internal sealed class TextEditor(string text, Indentation indentation)
{
    private readonly BlockWriter _block = new(indentation);

    public IEnumerable<TextEdit> Edits(Changes changes) => changes.All.SelectMany(change => change.Target switch
    {
        ListNode { IsFlow: true } list => FlowEditor.Add(text, list, change),
        ListNode list => [BlockInsertion(list, change, list.Span.Column + 1, change.Items.SelectMany(item => _block.Item(item, list.Span.Column)))],
        MapNode { IsFlow: true } map => [.. FlowEditor.Add(text, map, change), .. change.Replaced.SelectMany(item => FlowEditor.Replace(text, item, change.Depth))],
        MapNode map => [.. BlockMembers(map, change), .. change.Replaced.SelectMany(item => Replace(map, item, change.Depth))],
        _ => throw new InvalidOperationException("A change is made to a list or a map."),
    });

    private IEnumerable<TextEdit> BlockMembers(MapNode map, Change change) => change.Members.Count == 0
        ? []
        : [BlockInsertion(map, change, map.Span.Column, change.Members.SelectMany(member => _block.Member(member, map.Span.Column)))];

    /// <param name="commentColumn">A comment that follows and is indented at least so far belongs to what is there.</param>
    private TextEdit BlockInsertion(Node target, Change change, int commentColumn, IEnumerable<string> lines)
    {
        var at = TextScan.SkipComments(text, TextScan.EndOfLine(text, target.Span.End), commentColumn);
        return LinesAt(at, lines, change.Depth);
    }

    private IEnumerable<TextEdit> Replace(MapNode map, Replacement replacement, int depth)
    {
        var (present, value) = (replacement.Present, replacement.Value);
        if (value is ScalarNode)
            return FlowEditor.Replace(text, replacement, depth);
        var lines = _block.Member(new(Change.Word(replacement.Name), value), map.Span.Column).Skip(1).ToArray();
        if (lines.Length == 0)
            return FlowEditor.Replace(text, replacement, depth);
        var start = present.Span.Start;
        while (start > 0 && text[start - 1] is ' ' or '\t')
            start--;
        return
        [
            new(start, present.Span.End, "", depth + 1),
            LinesAt(TextScan.EndOfLine(text, present.Span.End), lines, depth + 1),
        ];
    }

    private TextEdit LinesAt(int at, IEnumerable<string> lines, int depth)
    {
        var lineBreak = TextScan.LineBreak(text, at);
        return new(at, at, string.Concat(lines.Select(line => lineBreak + line)), depth);
    }
}
