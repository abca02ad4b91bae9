namespace LxcfsFunctions.Manifests;

/// <summary>What patches do to the nodes of one document, gathered by node: one place of the text is then changed once.</summary>
/// <param name="writesOut">
/// Whether what an alias stands for is written out where something is added to it. Otherwise it is added where the anchor is,
/// and so for all of its aliases: right where all of them get the same.
/// </param>
internal sealed class Changes(bool writesOut)
{
    private readonly Dictionary<Node, Change> _byNode = [];

    public IEnumerable<Change> All => _byNode.Values;

    /// <summary>Takes in a patch of additions (RFC 6902).</summary>
    public void Apply(Node pod, ListNode patch)
    {
        foreach (var operation in patch.Items)
        {
            var steps = operation.Find("path")!.AsString!.Split('/')[1..];
            var (parent, depth) = (pod.Target, 0);
            foreach (var step in steps[..^1])
                (parent, depth) = (Step(parent, PatchedTree.Unescape(step), depth), depth + 1);
            Add(parent, PatchedTree.Unescape(steps[^1]), operation.Find("value")!, depth);
        }
    }

    private Node Step(Node parent, string step, int depth)
    {
        if (_byNode.TryGetValue(parent, out var change) && change.Find(step) is { } added)
            return added;
        var child = parent.At([step])!;
        if (!writesOut || parent is not MapNode { IsNew: false } map || map.Members.Exists(member => member.Is(step) && member.Value is not AliasNode))
            return child.Target;
        var written = new AliasResolver(asNew: true).Resolve(child);
        Add(parent, step, written, depth);
        return written;
    }

    private void Add(Node parent, string step, Node value, int depth)
    {
        if (parent is ListNode { IsNew: true } newList)
            Change.Merge(newList, value);
        else if (parent is MapNode { IsNew: true } newMap)
            newMap.SetMember(step, value);
        else if (parent is ListNode)
            ChangeOf(parent, depth).AddItem(value);
        else if (parent.AsMap?.Members.FindLast(member => member.Is(step)) is { Value: { } present })
            ChangeOf(parent, depth).Replace(new(step, present, value));
        else
            ChangeOf(parent, depth).AddMember(step, value);
    }

    private Change ChangeOf(Node parent, int depth)
    {
        if (!_byNode.TryGetValue(parent, out var change))
            _byNode[parent] = change = new(parent, depth);
        return change;
    }
}

/// <summary>What happens to one list or map.</summary>
internal sealed record Change(Node Target, int Depth)
{
    public List<Node> Items { get; } = [];
    public List<Member> Members { get; } = [];
    public List<Replacement> Replaced { get; } = [];

    /// <summary>Adds it once, where several aliases lead to one list.</summary>
    public void AddItem(Node value)
    {
        if (!Items.Exists(item => AliasResolver.Same(item, value)))
            Items.Add(value);
    }

    /// <summary>Adds it once, where several aliases lead to one map: what the first of them brought takes in what the others bring.</summary>
    public void AddMember(string name, Node value)
    {
        switch (Find(name), value)
        {
            case (MapNode present, MapNode more):
                more.Members.ForEach(member => present.SetMember(((ScalarNode)member.Key).Value, member.Value));
                break;
            case (ListNode present, ListNode more):
                more.Items.ForEach(item => Merge(present, item));
                break;
            case ({ } present, _) when AliasResolver.Same(present, value):
                break;
            default:
                Members.Add(new(Word(name), value));
                break;
        }
    }

    /// <summary>Replaces it once, where several aliases lead to one map.</summary>
    public void Replace(Replacement replacement)
    {
        if (!Replaced.Exists(item => item.Name == replacement.Name && AliasResolver.Same(item.Value, replacement.Value)))
            Replaced.Add(replacement);
    }

    public static void Merge(ListNode list, Node item)
    {
        if (!list.Items.Exists(other => AliasResolver.Same(other, item)))
            list.Items.Add(item);
    }

    public static ScalarNode Word(string text) => new(SourceSpan.Nowhere, text, YamlDotNet.Core.ScalarStyle.Any, ScalarKind.String);

    public Node? Find(string name) =>
        Members.FindLast(member => member.Is(name)).Value ?? Replaced.FindLast(item => item.Name == name)?.Value;
}

/// <summary>Another value for a member that is there: a null, or one of the annotations that mutate may write over.</summary>
internal sealed record Replacement(string Name, Node Present, Node Value);
