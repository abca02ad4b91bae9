using System.Globalization;
using System.Text;
using LxcfsFunctions.Explain;

namespace LxcfsFunctions.Cli;

/// <summary>Prints what each container will see.</summary>
internal static class ExplainCommand
{
    private static readonly string[] Headings = ["COMMAND", "NODE", "CONTAINER", "LIMIT", ""];

    public static int Print(IReadOnlyList<FilePreview> files, NodeShape node, bool json)
    {
        foreach (var (file, preview) in files)
        {
            if (json)
                Console.WriteLine(Encoding.UTF8.GetString(PreviewJson.Of(preview).Span));
            else
            {
                foreach (var line in Lines(file.Name, preview, node))
                    Console.WriteLine(line);
            }
        }

        return files.Any(file => file.IsDenied) ? ExitCode.Differs : ExitCode.Done;
    }

    public static IEnumerable<string> Lines(string file, Preview preview, NodeShape node)
    {
        foreach (var document in preview.Documents.Where(document => document.Outcome != PreviewOutcome.NoPod))
        {
            yield return Colour.Heading(string.Create(
                CultureInfo.InvariantCulture, $"{document.Title} ({file}:{document.Line}): {document.Message}"));
            foreach (var problem in document.Problems)
                yield return Colour.Bad(string.Create(CultureInfo.InvariantCulture, $"  line {problem.Line}: {problem.Field}: {problem.Message}"));
            foreach (var warning in document.Warnings)
                yield return Colour.Doubtful($"  {warning}");
            foreach (var line in document.Containers.SelectMany(container => Lines(container, node)))
                yield return line;
            yield return "";
        }
    }

    private static IEnumerable<string> Lines(ContainerSight container, NodeShape node)
    {
        yield return "";
        yield return string.Create(
            CultureInfo.InvariantCulture, $"  {container.Kind} {container.Name}, on a node of {node.Cpus} CPUs and {SightRows.MemoryText(node.Memory)}:");
        string[][] rows =
        [
            Headings,
            .. container.Rows.Select(row => (string[])
                [row.Command, row.Node, row.Container, row.Limit ?? (row.Node is SightRows.SinceNode or SightRows.RightTimes ? "" : SightRows.Unset), Remark(row)]),
        ];
        var widths = Enumerable.Range(0, Headings.Length - 1).Select(column => rows.Max(row => row[column].Length)).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            var cells = widths.Select((width, column) => rows[i][column].PadRight(width));
            var text = $"    {string.Join("  ", cells)}  ".TrimEnd();
            yield return i == 0 ? text : text.PadRight(4 + widths.Sum() + 2 * widths.Length) + Paint(container.Rows[i - 1], rows[i][^1]);
        }
    }

    private static string Remark(SightRow row) => row.Status == SightStatus.Right ? "ok" : row.Fix.Length > 0 ? $"{row.ReasonText}: {row.Fix}" : row.ReasonText;

    private static string Paint(SightRow row, string text) => row.Status switch
    {
        SightStatus.Right => Colour.Good(text),
        SightStatus.Differs => Colour.Bad(text),
        _ => Colour.Doubtful(text),
    };
}
