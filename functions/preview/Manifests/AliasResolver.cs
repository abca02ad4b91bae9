namespace LxcfsFunctions.Manifests;

/// <summary>
/// Writes out what aliases and merges stand for, as kubectl does before it sends anything. What a few lines of aliases can
/// stand for has no end, so there is one.
/// </summary>
/// <param name="asNew">Whether what comes of it is to be written into the text.</param>
/// <param name="most">How many values it may come to, of all that it is asked for together.</param>
internal sealed class AliasResolver(bool asNew = false, long most = AliasResolver.MostValues)
{
    /// <summary>More than a manifest of the size that an API server takes can hold.</summary>
    public const int MostValues = 1_000_000;

    /// <summary>How often a text is gone through, at most, with what is added to it.</summary>
    private const int Passes = 64;

    private long _values, _end;
    private int _depth;

    /// <summary>For all documents and templates of a text: many small ones could each stand for the most that one may.</summary>
    public static AliasResolver OfWhole(string text) => new(most: MostValues + (long)Passes * text.Length);

    /// <summary>The same values without aliases, merges and keys that stand there twice; for a whole text.</summary>
    public Node Resolve(Node node)
    {
        // Whatever the one before has ended by.
        _depth = 0;
        _end = Math.Min(most, _values + MostValues);
        return Visit(node);
    }

    private Node Visit(Node node)
    {
        if (++_values > _end)
            throw ManifestException.At(node, "", ManifestProblems.TooManyValues(MostValues));
        return node.Target switch
        {
            ListNode list => new ListNode(SpanOf(list), list.IsFlow, ItemsOf(list)),
            MapNode map => new MapNode(SpanOf(map), map.IsFlow, MembersOf(map)),
            var scalar => scalar,
        };
    }

    /// <summary>Aliases and merges nest what in the text lies side by side.</summary>
    private void Descend(Node node)
    {
        if (++_depth > ManifestReader.DeepestNesting)
            throw ManifestException.At(node, "", ManifestProblems.TooDeep(ManifestReader.DeepestNesting));
    }

    private SourceSpan SpanOf(Node node) => asNew ? SourceSpan.Nowhere : node.Span;

    private List<Node> ItemsOf(ListNode list)
    {
        Descend(list);
        List<Node> items = [.. list.Items.Select(Visit)];
        _depth--;
        return items;
    }

    private List<Member> MembersOf(MapNode map)
    {
        Descend(map);
        var members = new Dictionary<string, Member>();
        foreach (var member in AllOf(map))
        {
            if (member.Key.Target is not ScalarNode key)
                throw ManifestException.At(member.Key, "", ManifestProblems.KeyIsNoWord);
            members[key.Value] = new(key, Visit(member.Value));
        }

        _depth--;
        return [.. members.Values];
    }

    private IEnumerable<Member> AllOf(MapNode map)
    {
        foreach (var merged in map.Merged().Reverse())
        {
            foreach (var member in MembersOf(merged))
                yield return member;
        }

        foreach (var member in map.Members.Where(member => !member.IsMerge))
            yield return member;
    }

    /// <summary>Whether two resolved values are the same to an API server.</summary>
    public static bool Same(Node one, Node other) => (one, other) switch
    {
        (ScalarNode a, ScalarNode b) => a.Kind == b.Kind && (a.Kind is ScalarKind.String or ScalarKind.Number ? a.Value == b.Value : true),
        (ListNode a, ListNode b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => Same(pair.First, pair.Second)),
        (MapNode a, MapNode b) => SameMembers(a, b),
        _ => false,
    };

    private static bool SameMembers(MapNode one, MapNode other)
    {
        var others = other.Members.ToDictionary(member => KeyOf(member), member => member.Value);
        return one.Members.Count == others.Count
            && one.Members.All(member => others.TryGetValue(KeyOf(member), out var value) && Same(member.Value, value));
    }

    private static string KeyOf(Member member) => ((ScalarNode)member.Key).Value;
}
