using System.Text;

namespace LxcfsFunctions.Manifests;

/// <summary>
/// A piece of a manifest as the parser is given it: with spaces put in or taken out where the parser is stricter than kubectl.
/// It knows where every character stood, so that what is found can be edited in the manifest itself.
/// </summary>
internal sealed class AdaptedText
{
    private readonly string _manifest;
    private readonly SortedDictionary<int, TextEdit> _edits;
    private readonly List<(int Adapted, int Original)> _anchors = [];

    private AdaptedText(string manifest, int start, int end, SortedDictionary<int, TextEdit> edits)
    {
        (_manifest, Start, End, _edits) = (manifest, start, end, edits);
        var text = new StringBuilder(end - start);
        var at = start;
        _anchors.Add((0, start));
        foreach (var edit in edits.Values)
        {
            text.Append(manifest, at, edit.Start - at).Append(edit.Text);
            // What was put in stands where it was put.
            _anchors.Add((text.Length - edit.Text.Length, edit.Start));
            _anchors.Add((text.Length, edit.End));
            at = edit.End;
        }

        Text = text.Append(manifest, at, end - at).ToString();
    }

    /// <summary>Offsets in the manifest.</summary>
    public int Start { get; }

    /// <inheritdoc cref="Start"/>
    public int End { get; }

    public string Text { get; }

    public ReadOnlySpan<char> Original => _manifest.AsSpan(Start, End - Start);

    public static AdaptedText Of(string manifest, int start, int end) => new(manifest, start, end, []);

    /// <summary>With more edits, in the manifest's offsets; null where each of them is made already.</summary>
    public AdaptedText? With(IEnumerable<TextEdit> edits)
    {
        var all = new SortedDictionary<int, TextEdit>(_edits);
        foreach (var edit in edits)
            all.TryAdd(edit.Start, edit);
        return all.Count == _edits.Count ? null : new(_manifest, Start, End, all);
    }

    /// <summary>The offset in the manifest of one in this text.</summary>
    public int OriginalOf(int offset)
    {
        var (low, high) = (0, _anchors.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _anchors[middle].Adapted <= offset ? (middle, high) : (low, middle - 1);
        }

        var original = _anchors[low].Original + offset - _anchors[low].Adapted;
        return low + 1 < _anchors.Count ? Math.Min(original, _anchors[low + 1].Original) : original;
    }
}
