using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LxcfsFunctions.Manifests;

/// <summary>What a manifest holds.</summary>
/// <param name="Documents">The roots of those that can be read, in their order.</param>
/// <param name="Errors">What keeps others from being read.</param>
internal sealed record ManifestText(IReadOnlyList<Node> Documents, IReadOnlyList<ManifestError> Errors);

/// <summary>
/// Reads the documents of a text, YAML or JSON, and remembers where every value stands. Only YamlDotNet's parser is used:
/// anything above it forgets comments and style.
/// </summary>
internal sealed class ManifestReader
{
    /// <summary>Kubernetes' own types need a dozen; more is an attack or an error.</summary>
    public const int DeepestNesting = 100;

    /// <summary>A look into a map goes through all of them, for every name.</summary>
    private const int MostMerged = 1000;

    /// <summary>More than anybody reads; and a text of nothing but errors could name more of them than it is long.</summary>
    private const int MostErrors = 100;

    /// <summary>Brackets of one document that have to be indented for the parser.</summary>
    private const int MostAdaptations = 100;

    private readonly string _manifest;
    private readonly AdaptedText _text;
    private readonly (int Line, int Column) _first;
    private readonly bool _isPatch;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Dictionary<string, Node> _anchors = [];
    private int _depth;

    private ManifestReader(string manifest, AdaptedText text, (int Line, int Column) first, bool isPatch)
    {
        (_manifest, _text, _first, _isPatch) = (manifest, text, first, isPatch);
        _scanner = new(new StringReader(text.Text), skipComments: true);
        _parser = new(_scanner);
    }

    /// <summary>The roots of all documents that can be read, an empty one's among them, and what keeps others from it.</summary>
    public static ManifestText Read(string manifest)
    {
        var (roots, errors) = (new List<Node>(), new List<ManifestError>());
        var (line, at) = (1, 0);
        foreach (var (start, end) in DocumentPieces.Of(manifest))
        {
            line += manifest.AsSpan(at, start - at).Count('\n');
            at = start;
            ReadPiece(manifest, AdaptedText.Of(manifest, start, end), (line, TextScan.ColumnOf(manifest, start)), roots, errors);
            if (errors.Count == MostErrors)
                break;
        }

        return new(roots, errors);
    }

    /// <summary>Reads what is to be added to a manifest, so without a place in it.</summary>
    public static Node ReadPatch(string json) => new ManifestReader(json, AdaptedText.Of(json, 0, json.Length), (1, 0), isPatch: true).ReadAll()[0];

    private static void ReadPiece(string manifest, AdaptedText text, (int Line, int Column) first, List<Node> roots, List<ManifestError> errors)
    {
        for (var tries = 0; ; tries++)
        {
            var reader = new ManifestReader(manifest, text, first, isPatch: false);
            try
            {
                roots.AddRange(reader.ReadAll());
                return;
            }
            catch (ManifestException exception)
            {
                errors.Add(exception.Error);
                return;
            }
            catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException or OverflowException)
            {
                // The last two for whatever else a parser may stumble on: a manifest is never a bug of this program.
                var next = tries < MostAdaptations ? YamlTolerance.Adapt(manifest, text, (int)reader._scanner.CurrentPosition.Index, exception) : null;
                if (next is null)
                {
                    errors.Add(reader.ErrorOf(exception));
                    return;
                }

                text = next;
            }
        }
    }

    private ManifestError ErrorOf(Exception exception) => exception is YamlException yaml
        ? ErrorAt(yaml.Start, ManifestProblems.NotYaml(yaml.Message))
        : ErrorAt(_scanner.CurrentPosition, ManifestProblems.UnreadYaml);

    private ManifestError ErrorAt(Mark mark, Admission.Message message) => new(LineOf(mark), ColumnOf(mark) + 1, "", message);

    private List<Node> ReadAll()
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

    private Node ReadNode()
    {
        var next = _parser.Current!;
        if (++_depth > DeepestNesting)
            throw new ManifestException(ErrorAt(next.Start, ManifestProblems.TooDeep(DeepestNesting)));
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
        return new(
            SpanOf(scalar.Start, TextScan.EndOfScalar(_manifest, At(scalar.Start), At(scalar.End), scalar.Style)), scalar.Value, scalar.Style, kind);
    }

    private AliasNode ReadAlias()
    {
        var alias = _parser.Consume<AnchorAlias>();
        return _anchors.TryGetValue(alias.Value.Value, out var target)
            ? new(SpanOf(alias.Start, At(alias.End)), target)
            : throw new ManifestException(ErrorAt(alias.Start, ManifestProblems.NoAnchor(alias.Value.Value)));
    }

    private ListNode ReadList()
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<Node>();
        SequenceEnd? end;
        while (!_parser.TryConsume<SequenceEnd>(out end))
            items.Add(ReadNode());
        var flow = start.Style == SequenceStyle.Flow;
        var column = flow ? ColumnOf(start.Start) : TextScan.ColumnOf(_manifest, TextScan.SkipProperties(_manifest, At(start.Start)));
        return new(SpanOf(start.Start, flow || items.Count == 0 ? At(end!.Start) + 1 : items[^1].Span.End, column), flow, items);
    }

    private MapNode ReadMap()
    {
        var start = _parser.Consume<MappingStart>();
        var members = new List<Member>();
        MappingEnd? end;
        while (!_parser.TryConsume<MappingEnd>(out end))
            members.Add(new(ReadNode(), ReadNode()));
        var flow = start.Style == MappingStyle.Flow;
        var column = flow || members.Count == 0 ? ColumnOf(start.Start) : members[0].Key.Span.Column;
        var map = new MapNode(SpanOf(start.Start, flow || members.Count == 0 ? At(end!.Start) + 1 : members[^1].Value.Span.End, column), flow, members);
        return map.CountOfMerged <= MostMerged ? map : throw new ManifestException(ErrorAt(start.Start, ManifestProblems.TooManyMerged(MostMerged)));
    }

    private SourceSpan SpanOf(Mark start, int end, int? column = null) =>
        _isPatch ? SourceSpan.Nowhere : new(At(start), end, LineOf(start), column ?? ColumnOf(start));

    private int At(Mark mark) => _text.OriginalOf((int)mark.Index);

    private int LineOf(Mark mark) => _first.Line + (int)mark.Line - 1;

    private int ColumnOf(Mark mark)
    {
        var line = (int)mark.Index - ((int)mark.Column - 1);
        return At(mark) - _text.OriginalOf(line) + (mark.Line == 1 ? _first.Column : 0);
    }
}
