using CsCheck;
using LxcfsFunctions.Explain;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>Manifests that somebody or something has torn: lines moved to the left or the right, cut off or doubled, letters changed.</summary>
public sealed class TornTextTests
{
    private static readonly string[] Texts =
    [
        .. Directory.GetFiles(Path.Combine(Repository.TestData, "manifests"), "in.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    private const string Letters = "[]{},:#|>-&*!%'\"?\t \n@`\\";

    private static readonly Gen<string> Torn = Gen.Select(
        Gen.Int[0, Texts.Length - 1], Gen.Select(Gen.Int[0, 6], Gen.Int[0, 10_000], Gen.Int[0, Letters.Length - 1]).Array[1, 4],
        (text, tears) => tears.Aggregate(Texts[text], (torn, tear) => Tear(torn, tear.Item1, tear.Item2, Letters[tear.Item3])));

    [Fact]
    public void An_answer_comes_whatever_stands_there_and_every_error_names_a_place() => Torn.Sample(
        text =>
        {
            var preview = Preview.Of(text, NodeShape.Example);
            Assert.All(preview.Errors, error => Assert.True(error is { Line: > 0, Column: > 0 } && error.Message.Text.Length > 0, $"{error}\n{text}"));
            Assert.All(preview.Documents, document => Assert.InRange(document.Line, 1, text.Count(letter => letter == '\n') + 1));
        },
        iter: 800);

    private static string Tear(string text, int how, int where, char letter)
    {
        var lines = text.Split('\n').ToList();
        var at = where % lines.Count;
        switch (how)
        {
            case 0:
                lines[at] = lines[at].TrimStart();
                break;
            case 1:
                lines[at] = "   " + lines[at];
                break;
            case 2:
                lines.Insert(at, lines[at]);
                break;
            case 3:
                lines.RemoveAt(at);
                break;
            case 4:
                return text[..(where % (text.Length + 1))];
            case 5:
                return text.Insert(where % (text.Length + 1), $"{letter}");
            case 6:
                lines.Insert(at, new string(' ', where % 9));
                break;
        }

        return string.Join('\n', lines);
    }
}
