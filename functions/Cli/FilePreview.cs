using System.Globalization;
using LxcfsFunctions.Explain;

namespace LxcfsFunctions.Cli;

/// <summary>What becomes of one file.</summary>
internal sealed record FilePreview(ManifestFile File, Preview Preview)
{
    /// <summary>Whether something of it can't be read or changed: it is then printed nowhere, since half of it would be no use.</summary>
    public bool HasErrors => Preview.Errors.Count > 0;

    public bool IsDenied => Preview.Documents.Any(document => document.Outcome == PreviewOutcome.Denied);

    public bool Changes => Preview.Output != File.Text;

    /// <summary>Every error, as compilers print them.</summary>
    public IEnumerable<string> Errors => Preview.Errors.Select(error => string.Create(
        CultureInfo.InvariantCulture, $"{File.Name}:{error.Line}:{error.Column}: {(error.Field.Length > 0 ? error.Field + ": " : "")}{error.Message}"));

    /// <summary>Every problem and warning, each with its line.</summary>
    public IEnumerable<string> Remarks => Preview.Documents.SelectMany(document =>
        document.Problems.Select(problem => Remark(problem.Line, "denied", $"{problem.Field}: {problem.Message}"))
            .Concat(document.Warnings.Select(warning => Remark(document.Line, "warning", $"{document.Title}: {warning}"))));

    private string Remark(int line, string word, string text) => string.Create(CultureInfo.InvariantCulture, $"{File.Name}:{line}: {word}: {text}");
}
