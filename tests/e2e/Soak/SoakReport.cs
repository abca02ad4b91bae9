using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>What a soak came to, for people as text and for programs as JSON.</summary>
internal sealed record SoakReport(double Minutes, int Seed)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public required IReadOnlyList<Happened> Happened { get; init; }

    public IReadOnlyList<EventFigures> Events => [.. Happened.GroupBy(item => item.Name).Select(EventFigures.Of)];

    public required ReadFigures Read { get; init; }

    public required AdmissionFigures Admissions { get; init; }

    /// <summary>How pods came to run.</summary>
    public required StartFigures Starts { get; init; }

    public required IReadOnlyList<LifeFigures> Lives { get; init; }

    public required AgentFigures Agents { get; init; }

    /// <summary>What is left on the node after everything was removed.</summary>
    public required NodeState Left { get; init; }

    /// <summary>What did not become well again, and ended the soak.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Writes report.txt and report.json.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "report.txt"), ToString());
        File.WriteAllText(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(this, Indented));
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Line(text, $"A day in the life: {Minutes:0.0} minutes; SOAK_SEED={Seed} repeats its events");
        Line(text, $"\n| event | times | broken, median | longest |\n|---|---|---|---|");
        foreach (var item in Events)
            Line(text, $"| {item.Name} | {item.Times} | {Seconds(item.MedianBroken)} | {Seconds(item.LongestBroken)} |");
        Line(text, $"\n| | |\n|---|---|");
        Line(text, $"| containers that read | {Read.Containers} |\n| reads | {Read.Reads} |\n| wrong values | {Read.Wrong} |\n| failed reads | {Read.Failed} |\n| of these, answered with nothing | {Read.Empty} |");
        Line(text, $"| longest time with a broken view | {Read.LongestBroken:0.00} s |\n| starts that waited for LXCFS | {Starts.Refused} |\n| longest start of a pod | {Starts.LongestWait:0.0} s |");
        Line(text, $"| admissions while the functions were up | {Admissions.WhileUp} |\n| unmutated of these | {Admissions.Unmutated.Count} |");
        Line(text, $"| admissions while they were down | {Admissions.WhileDown} |\n| unmutated of these, as failurePolicy Ignore has it | {Admissions.UnmutatedWhileDown} |");
        Line(text, $"| pods of the DaemonSet, one after the other | {Agents.Pods} |\n| files that the agents kept meanwhile | {Agents.StateFiles} |");
        Line(text, $"| mounts left | {Left.Mounts.Count} |\n| processes left | {Left.Running.Count} |\n| cgroups left | {Left.Cgroups.Count} |");
        Line(text, $"\n| | processes | long ones | descriptors | grown by | memory | grown by |\n|---|---|---|---|---|---|---|");
        foreach (var part in Lives)
            Line(text, $"| {part.Part} | {part.Lives} | {part.Judged} | {part.Descriptors} | {part.DescriptorsGrown} | {part.Mebibytes:0.0} MiB | {part.MebibytesGrown:0.0} MiB |");
        foreach (var line in (IEnumerable<string>)[.. Faults, .. Read.WrongValues, .. Admissions.Unmutated, .. Left.Mounts, .. Left.Running, .. Left.Cgroups])
            Line(text, $"{line}");
        return text.ToString();
    }

    private static string Seconds(double? seconds) => seconds?.ToString("0.00 s", CultureInfo.InvariantCulture) ?? "-";

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
