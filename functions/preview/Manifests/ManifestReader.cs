using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LxcfsFunctions.Manifests;

/// <summary>
/// Reads the documents of a text, YAML or JSON, and remembers where every value stands. Only YamlDotNet's parser is used:
/// anything above it forgets comments and style.
/// </summary>
internal sealed class ManifestReader
{
    /// <summary>Kubernetes' own types need a dozen; more is an attack or a mistake.</summary>
    public const int DeepestNesting = 100;

    private readonly string _text;
    private readonly bool _isPatch;
    private readonly Parser _parser;
    private readonly Dictionary<string, Node> _anchors = [];
    private int _depth;

    private ManifestReader(string text, bool isPatch)
    {
        (_text, _isPatch) = (text, isPatch);
        _parser = new(new StringReader(text));
    }

    /// <summary>The roots of all documents, an empty one's among them.</summary>
    /// <exception cref="ManifestException">It is no YAML.</exception>
    public static IReadOnlyList<Node> Read(string text) => new ManifestReader(text, isPatch: false).ReadAll();

    /// <summary>Reads what is to be added to a manifest, so without a place in it.</summary>
    public static Node ReadPatch(string json) => new ManifestReader(json, isPatch: true).ReadAll()[0];

    private List<Node> ReadAll()
    {
        try
        {
            var roots = new List<Node>();
            _parser.Consume<StreamStart>();
            while (!_parser.TryConsume<StreamEnd>(out _))
            {
                _parser.Consume<DocumentStart>();
                _anchors.Clear();
                roots.Add(ReadNode());
                _parser.Consume<DocumentEnd>();
            }

            return roots;
        }
        catch (YamlException fault)
        {
            throw new ManifestException(new((int)fault.Start.Line, (int)fault.Start.Column, "", ManifestProblems.NotYaml(fault.Message)));
        }
    }

    private Node ReadNode()
    {
        var next = _parser.Current!;
        if (++_depth > DeepestNesting)
            throw new ManifestException(new((int)next.Start.Line, (int)next.Start.Column, "", ManifestProblems.TooDeep(DeepestNesting)));
        Node node = next switch
        {
            SequenceStart => ReadList(),
            MappingStart => ReadMap(),
            AnchorAlias => ReadAlias(),
            _ => ReadScalar(),
        };
        _depth--;
        // Only now: an anchor inside of what it names would never end.
        if (next is NodeEvent { Anchor: { IsEmpty: false } anchor })
            _anchors[anchor.Value] = node;
        return node;
    }

    private ScalarNode ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        var kind = Scalars.KindOf(scalar.Value, scalar.Style, scalar.Tag.IsEmpty ? null : scalar.Tag.Value);
        var start = (int)scalar.Start.Index;
        return new(PlaceOf(scalar.Start, TextScan.EndOfScalar(_text, start, (int)scalar.End.Index, scalar.Style)), scalar.Value, scalar.Style, kind);
    }

    private AliasNode ReadAlias()
    {
        var alias = _parser.Consume<AnchorAlias>();
        return _anchors.TryGetValue(alias.Value.Value, out var target)
            ? new(PlaceOf(alias.Start, (int)alias.End.Index), target)
            : throw new ManifestException(new((int)alias.Start.Line, (int)alias.Start.Column, "", ManifestProblems.NoAnchor(alias.Value.Value)));
    }

    private ListNode ReadList()
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<Node>();
        SequenceEnd? end;
        while (!_parser.TryConsume<SequenceEnd>(out end))
            items.Add(ReadNode());
        var flow = start.Style == SequenceStyle.Flow;
        var column = flow ? (int)start.Start.Column - 1 : TextScan.ColumnOf(_text, TextScan.SkipProperties(_text, (int)start.Start.Index));
        return new(PlaceOf(start.Start, flow || items.Count == 0 ? (int)end!.Start.Index + 1 : items[^1].Place.End, column), flow, items);
    }

    private MapNode ReadMap()
    {
        var start = _parser.Consume<MappingStart>();
        var members = new List<Member>();
        MappingEnd? end;
        while (!_parser.TryConsume<MappingEnd>(out end))
            members.Add(new(ReadNode(), ReadNode()));
        var flow = start.Style == MappingStyle.Flow;
        var column = flow || members.Count == 0 ? (int)start.Start.Column - 1 : members[0].Key.Place.Column;
        return new(PlaceOf(start.Start, flow || members.Count == 0 ? (int)end!.Start.Index + 1 : members[^1].Value.Place.End, column), flow, members);
    }

    private Place PlaceOf(Mark start, int end, int? column = null) =>
        _isPatch ? Place.Nowhere : new((int)start.Index, end, (int)start.Line, column ?? (int)start.Column - 1);
}
