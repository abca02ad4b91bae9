using System.Text;

namespace LxcfsFunctions.Manifests;

/// <summary>A piece of text in place of another.</summary>
/// <param name="Depth">Of what is inserted at one offset, the deeper comes first: it ends an inner block.</param>
internal readonly record struct TextEdit(int Start, int End, string Text, int Depth)
{
    public static string Apply(string text, IEnumerable<TextEdit> edits)
    {
        var output = new StringBuilder(text.Length + 4096);
        var at = 0;
        foreach (var edit in edits.OrderBy(edit => edit.Start).ThenByDescending(edit => edit.Depth))
        {
            output.Append(text, at, Math.Max(0, edit.Start - at)).Append(edit.Text);
            at = Math.Max(at, edit.End);
        }

        return output.Append(text, at, text.Length - at).ToString();
    }
}
