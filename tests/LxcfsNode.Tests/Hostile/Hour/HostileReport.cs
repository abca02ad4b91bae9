using System.Globalization;
using System.Text;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests.Hostile.Hour;

/// <summary>What a hostile hour came to.</summary>
internal sealed record HostileReport(HostileOptions Options)
{
    /// <summary>For a machine that is not busy.</summary>
    private static readonly TimeSpan Aim = TimeSpan.FromSeconds(1);

    /// <summary>What is asserted is twice the aim, and what the machine was late by meanwhile, which no agent can do anything about.</summary>
    public static readonly TimeSpan Longest = 2 * Aim;

    public required IReadOnlyDictionary<string, int> Deeds { get; init; }

    public required Apps Honest { get; init; }

    public required IReadOnlyList<string> Escapes { get; init; }

    /// <summary>What of the node, or of an honest container, is not as it was.</summary>
    public required IReadOnlyList<string> Changed { get; init; }

    public required Footprint Before { get; init; }

    public required Footprint After { get; init; }

    public required int MostKilobytes { get; init; }

    public required int MostKilobytesOfOne { get; init; }

    public required int Refused { get; init; }

    /// <summary>What the machine was late by within <see cref="Longest"/>, at worst.</summary>
    public required TimeSpan Late { get; init; }

    /// <summary>What ended it early.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    public TimeSpan LongestBroken => Honest.All.Max(app => app.Report.LongestBroken);

    public TimeSpan MostBroken => Longest + Late;

    public ulong Wrong => Sum(report => report.Wrong);

    public ulong Reads => Sum(report => report.Reads);

    /// <summary>Writes report.txt.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "report.txt"), ToString());
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Line(text, $"A hostile hour of {Options.Length.TotalMinutes:0.0} minutes; HOSTILE_SEED={Options.Seed} repeats its deeds");
        Line(text, $"\n| deed | times |\n|---|---|");
        foreach (var (name, times) in Deeds.OrderBy(deed => deed.Key, StringComparer.Ordinal))
            Line(text, $"| {name} | {times} |");
        Line(text, $"\n| | |\n|---|---|");
        Line(text, $"| honest containers | {Honest.All.Count} |\n| reads | {Reads} |\n| wrong values | {Wrong} |\n| failed reads | {Sum(report => report.Failures)} |");
        Line(text, $"| longest time with a broken view, which is to be {Aim.TotalSeconds:0} s at most on a machine that is not busy | {LongestBroken.TotalSeconds:0.000} s |\n| what the machine was late by in the worst {Longest.TotalSeconds:0} s, which is allowed beside these {Longest.TotalSeconds:0} s | {Late.TotalSeconds:0.000} s |\n| honest containers that never had it broken for longer | {Honest.All.Count(app => app.Report.LongestBroken <= Aim)} of {Honest.All.Count} |\n| starts of tenants that were refused | {Refused} |");
        Line(text, $"| escapes | {Escapes.Count} |\n| of the node and of honest containers changed | {Changed.Count} |");
        Line(text, $"| memory of the agent and its workers, at most | {MostKilobytes / 1024.0:0.0} MiB |\n| of one of them, at most | {MostKilobytesOfOne / 1024.0:0.0} MiB |");
        Line(text, $"| processes of the agent's container, before and after | {Before.Processes}, {After.Processes} |");
        Line(text, $"| descriptors | {Before.Descriptors}, {After.Descriptors} |\n| threads | {Before.Threads}, {After.Threads} |");
        foreach (var line in (IEnumerable<string>)[.. Faults, .. Escapes, .. Changed])
            Line(text, $"{line}");
        foreach (var app in Honest.All.Where(app => app.Report.Wrong > 0 || app.Report.LongestBroken > Aim))
            Line(text, $"{app.Id}: {app.Report}, broken for {app.Report.LongestBroken.TotalSeconds:0.000} s");
        return text.ToString();
    }

    private ulong Sum(Func<ReaderReport, ulong> of) => Honest.All.Aggregate(0ul, (sum, app) => sum + of(app.Report));

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
