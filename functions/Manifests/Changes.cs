namespace LxcfsFunctions.Manifests;

/// <summary>What a patch does to the nodes of a text, gathered by node: one place of the text is then changed once.</summary>
internal sealed class Changes
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
                (parent, depth) = (Step(parent, PatchedTree.Unescape(step)), depth + 1);
            Add(parent, PatchedTree.Unescape(steps[^1]), operation.Find("value")!, depth);
        }
    }

    private Node Step(Node parent, string step) =>
        parent.At([step]) is { } child && child.Target is not ScalarNode { IsNull: true } ? child.Target : NewMember(parent, step);

    private Node NewMember(Node parent, string name) => _byNode[parent].Find(name)!;

    private void Add(Node parent, string step, Node value, int depth)
    {
        if (parent is ListNode { IsNew: true } newList)
            newList.Items.Add(value);
        else if (parent is MapNode { IsNew: true } newMap)
            newMap.Members.Add(new(Change.Word(step), value));
        else if (parent is ListNode)
            ChangeOf(parent, depth).AddItem(value);
        else if (parent.AsMap?.Members.FindLast(member => member.Is(step)) is { Value: { } present })
            ChangeOf(parent, depth).Replaced.Add(new(step, present, value));
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
        if (!Items.Exists(item => Expansion.Same(item, value)))
            Items.Add(value);
    }

    /// <inheritdoc cref="AddItem"/>
    public void AddMember(string name, Node value)
    {
        if (Find(name) is not { } present || !Expansion.Same(present, value))
            Members.Add(new(Word(name), value));
    }

    public static ScalarNode Word(string text) => new(Place.Nowhere, text, YamlDotNet.Core.ScalarStyle.Any, ScalarKind.String);

    public Node? Find(string name) =>
        Members.FindLast(member => member.Is(name)).Value ?? Replaced.FindLast(item => item.Name == name)?.Value;
}

/// <summary>Another value for a member that is there: a null, or one of the annotations that mutate may write over.</summary>
internal sealed record Replacement(string Name, Node Present, Node Value);
