namespace LxcfsFunctions.Cli;

internal enum InjectOutput
{
    Manifests,
    Diff,
    Nothing,
}

/// <summary>
/// Prints manifests as the webhook would make them: each as a whole or not at all, and none where a pod of one would be denied.
/// </summary>
internal static class InjectCommand
{
    /// <param name="summary">Whether to say at the end what became of all.</param>
    public static int Print(IReadOnlyList<FilePreview> files, InjectOutput kind, bool summary)
    {
        foreach (var remark in files.SelectMany(file => file.Remarks))
            Console.Error.WriteLine(remark);
        if (summary)
        {
            foreach (var line in InjectSummary.Of(files))
                Console.Error.WriteLine(line);
        }

        if (files.Any(file => file.IsDenied))
            return ExitCode.Differs;
        files = [.. files.Where(file => !file.HasErrors)];
        using var output = new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(false));
        if (kind == InjectOutput.Manifests)
            PrintAll(output, files);
        if (kind == InjectOutput.Diff)
            PrintDiff(output, files);
        return kind != InjectOutput.Manifests && files.Any(file => file.Changes) ? ExitCode.Differs : ExitCode.Done;
    }

    private static void PrintAll(StreamWriter output, IReadOnlyList<FilePreview> files)
    {
        for (var i = 0; i < files.Count; i++)
        {
            var (file, preview) = files[i];
            // One file comes out byte for byte; several need something between them.
            if (i > 0)
                output.Write(files[i - 1].Preview.Output.EndsWith('\n') ? "---\n" : "\n---\n");
            output.Write(i == 0 ? file.Mark : "");
            output.Write(preview.Output);
        }
    }

    private static void PrintDiff(StreamWriter output, IReadOnlyList<FilePreview> files)
    {
        foreach (var file in files.Where(file => file.Changes))
        {
            foreach (var line in UnifiedDiff.Of(file.File.Name, file.File.Text, file.Preview.Edits))
                output.Write(Colour.OfDiff(line) + "\n");
        }
    }
}
