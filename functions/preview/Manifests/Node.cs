using YamlDotNet.Core;

namespace LxcfsFunctions.Manifests;

/// <summary>Where a node stands in the text. A node that a patch brings stands nowhere.</summary>
/// <param name="Start">The offset of its first character, its anchor or tag included.</param>
/// <param name="End">The offset behind its last one; comments and blank lines that follow are not part of it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 0; of a block list, that of its dashes, of a block map, that of its keys.</param>
internal readonly record struct SourceSpan(int Start, int End, int Line, int Column)
{
    public static SourceSpan Nowhere { get; } = new(-1, -1, 0, 0);
}

/// <summary>A value of a manifest.</summary>
internal abstract class Node(SourceSpan span)
{
    public SourceSpan Span { get; } = span;

    public bool IsNew => Span.Start < 0;

    /// <summary>Itself, or what its alias stands for.</summary>
    public virtual Node Target => this;

    public MapNode? AsMap => Target as MapNode;

    public ListNode? AsList => Target as ListNode;

    /// <summary>The text of a string; null for any other value.</summary>
    public string? AsString => Target is ScalarNode { Kind: ScalarKind.String } scalar ? scalar.Value : null;

    public Node? Find(string name) => AsMap?.FindMember(name);

    /// <summary>How many members of its maps stand there under a name that another has, those of maps below it included.</summary>
    public int CountRepeatedKeys() => this switch
    {
        MapNode map => map.Members.Count - map.Members.Select(member => member.Key.Target is ScalarNode key && !member.IsMerge ? key.Value : (object)member.Key).Distinct().Count()
            + map.Members.Sum(member => member.Value.CountRepeatedKeys()),
        ListNode list => list.Items.Sum(item => item.CountRepeatedKeys()),
        _ => 0,
    };

    /// <summary>Follows the steps of a path; null where it leads nowhere.</summary>
    public Node? At(IEnumerable<string> path)
    {
        var node = this;
        foreach (var step in path)
        {
            node = node.AsList is { } list ? list.ItemAt(step) : node.Find(step);
            if (node is null)
                return null;
        }

        return node;
    }
}

internal sealed class ScalarNode(SourceSpan span, string value, ScalarStyle style, ScalarKind kind) : Node(span)
{
    public string Value { get; } = value;
    public ScalarStyle Style { get; } = style;
    public ScalarKind Kind { get; } = kind;
}

internal sealed class ListNode(SourceSpan span, bool flow, List<Node> items) : Node(span)
{
    /// <summary>Whether it is written in brackets.</summary>
    public bool IsFlow { get; } = flow;
    public List<Node> Items { get; } = items;

    public Node? ItemAt(string index) =>
        int.TryParse(index, System.Globalization.CultureInfo.InvariantCulture, out var i) && i >= 0 && i < Items.Count ? Items[i] : null;
}

internal sealed class MapNode(SourceSpan span, bool flow, List<Member> members) : Node(span)
{
    /// <summary>Whether it is written in braces.</summary>
    public bool IsFlow { get; } = flow;
    public List<Member> Members { get; } = members;

    /// <summary>How many maps it merges in, those that they merge in included; a map that is merged in twice counts twice.</summary>
    public int CountOfMerged { get; } = CountMerged(members);

    /// <summary>A value of its own, or one that it merges in. Of a key that stands there twice, the last counts.</summary>
    public Node? FindMember(string name)
    {
        for (var i = Members.Count - 1; i >= 0; i--)
        {
            if (Members[i].Is(name))
                return Members[i].Value;
        }

        return Merged().Select(map => map.FindMember(name)).FirstOrDefault(value => value is not null);
    }

    /// <summary>Adds a member, in place of one of that name.</summary>
    public void SetMember(string name, Node value)
    {
        Members.RemoveAll(member => member.Is(name));
        Members.Add(new(Change.Word(name), value));
    }

    /// <summary>The maps of <c>&lt;&lt;</c>, the one that counts most first (yaml.org/type/merge).</summary>
    public IEnumerable<MapNode> Merged() => MergedBy(Members);

    private static IEnumerable<MapNode> MergedBy(List<Member> members) => members.Where(member => member.IsMerge)
        .SelectMany(member => member.Value.AsList is { } list ? list.Items : [member.Value])
        .Select(node => node.AsMap).OfType<MapNode>();

    private static int CountMerged(List<Member> members) => (int)Math.Min(int.MaxValue, MergedBy(members).Sum(map => 1L + map.CountOfMerged));
}

/// <summary>Another place where a node is written.</summary>
internal sealed class AliasNode(SourceSpan span, Node target) : Node(span)
{
    public override Node Target { get; } = target;
}

internal readonly record struct Member(Node Key, Node Value)
{
    public bool IsMerge => Key is ScalarNode { Value: "<<", Style: ScalarStyle.Plain };

    public bool Is(string name) => Key.Target is ScalarNode scalar && scalar.Value == name;
}
