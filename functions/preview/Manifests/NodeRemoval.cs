namespace LxcfsFunctions.Manifests;

/// <summary>
/// Takes values out of a document: out of its text, and out of its tree for comparison. A list or map that has nothing left goes
/// too, since whoever added the values has added it for them.
/// </summary>
/// <param name="gone">Items of lists and values of members.</param>
/// <param name="keepsEmpty">Whether brackets that have nothing left stay.</param>
internal sealed class NodeRemoval(string text, IReadOnlySet<Node> gone, bool keepsEmpty)
{
    public IReadOnlyList<TextEdit> Edits(Node root)
    {
        var edits = new List<TextEdit>();
        Visit(root, edits);
        return edits;
    }

    /// <summary>An expanded tree without the values.</summary>
    public static Node Without(Node tree, IReadOnlySet<Node> gone, bool keepsEmpty) => Kept(tree, gone, keepsEmpty)!;

    private static Node? Kept(Node node, IReadOnlySet<Node> gone, bool keepsEmpty)
    {
        if (gone.Contains(node))
            return null;
        switch (node)
        {
            case ListNode list:
                var items = list.Items.Select(item => Kept(item, gone, keepsEmpty)).OfType<Node>().ToList();
                return items.Count > 0 || list.Items.Count == 0 || (keepsEmpty && list.IsFlow) ? new ListNode(list.Span, list.IsFlow, items) : null;
            case MapNode map:
                var members = map.Members.Select(member => (member.Key, Value: Kept(member.Value, gone, keepsEmpty)))
                    .Where(member => member.Value is not null).Select(member => new Member(member.Key, member.Value!)).ToList();
                return members.Count > 0 || map.Members.Count == 0 || (keepsEmpty && map.IsFlow) ? new MapNode(map.Span, map.IsFlow, members) : null;
            default:
                return node;
        }
    }

    /// <returns>Whether nothing of it stays.</returns>
    private bool Visit(Node node, List<TextEdit> edits)
    {
        if (gone.Contains(node))
            return true;
        var children = node switch
        {
            ListNode list => [.. list.Items.Select(item => (item.Span, Value: item))],
            MapNode map => map.Members.Select(member => (Span: member.Key.Span with { End = member.Value.Span.End }, member.Value)).ToArray(),
            _ => [],
        };
        var below = new List<TextEdit>();
        var isGone = children.Select(child => Visit(child.Value, below)).ToArray();
        var isFlow = node is ListNode { IsFlow: true } or MapNode { IsFlow: true };
        if (children.Length > 0 && isGone.All(each => each) && !(isFlow && keepsEmpty))
            return true;
        edits.AddRange(below);
        for (var i = 0; i < children.Length; i++)
        {
            if (isGone[i])
                edits.Add(isFlow ? FlowEdit(children, isGone, i) : LineEdit(children[i].Span));
        }

        return false;
    }

    /// <summary>Its lines, with the line break in front of them, as they were put in.</summary>
    private TextEdit LineEdit(SourceSpan span)
    {
        var start = TextScan.StartOfLine(text, span.Start);
        if (start > 0)
            start -= start > 1 && text[start - 2] == '\r' ? 2 : 1;
        return new(start, TextScan.EndOfLine(text, span.End), "", 0);
    }

    /// <summary>With the comma in front of it, or behind it where nothing that stays is in front.</summary>
    private static TextEdit FlowEdit((SourceSpan Span, Node Value)[] children, bool[] isGone, int i)
    {
        var span = children[i].Span;
        if (Array.IndexOf(isGone, false) is var kept && kept >= 0 && kept < i)
            return new(children[i - 1].Span.End, span.End, "", 0);
        return new(span.Start, i + 1 < children.Length ? children[i + 1].Span.Start : span.End, "", 0);
    }
}
