using System.Globalization;

namespace LxcfsFunctions.Explain;

/// <summary>Works out one row of the table.</summary>
internal static class SightRows
{
    public const string SinceNode = "since the node started";
    public const string SinceContainer = "since the container started";
    public const string RightTimes = "right";
    public const string WrongTimes = "wrong";
    public const string Unset = "none";
    public const string Unknown = "?";

    /// <summary>Codes of what is no number: a page may have them in other languages, and they stay when the words are improved.</summary>
    public static readonly IReadOnlyDictionary<string, string> Codes = new Dictionary<string, string>
    {
        [SinceNode] = nameof(SinceNode),
        [SinceContainer] = nameof(SinceContainer),
        [RightTimes] = nameof(RightTimes),
        [WrongTimes] = nameof(WrongTimes),
        [Unset] = nameof(Unset),
    };

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static SightRow Of(Probe probe, Surroundings around) => probe.Measure switch
    {
        Measure.Uptime => Uptime(probe, around),
        Measure.ProcessTimes => ProcessTimes(probe, around),
        _ => Counted(probe, around),
    };

    private static SightRow Uptime(Probe probe, Surroundings around)
    {
        var reason = around.Missing(probe.File!) ?? (around.SharesHostProcesses ? SightReason.HostProcesses : SightReason.OwnUptime);
        return reason == SightReason.OwnUptime
            ? Row(probe, SinceNode, SinceContainer, null, SightStatus.Right, reason, SightFix.None)
            : Row(probe, SinceNode, SinceNode, null, SightStatus.SameAsNode, reason, FixOf(reason, probe));
    }

    /// <summary>They are right where /proc/uptime is the node's, so nothing is to be done about that.</summary>
    private static SightRow ProcessTimes(Probe probe, Surroundings around)
    {
        if (probe.Source == Source.Clock)
            return Row(probe, RightTimes, RightTimes, null, SightStatus.Right, SightReason.AsksClock, SightFix.None);
        var reason = around.Missing(probe.File!) ?? (around.SharesHostProcesses ? SightReason.HostProcesses : SightReason.SubtractsUptime);
        return reason == SightReason.SubtractsUptime
            ? Row(probe, RightTimes, WrongTimes, null, SightStatus.Differs, reason, probe.Fix)
            : Row(probe, RightTimes, RightTimes, null, SightStatus.SameAsNode, reason, SightFix.None);
    }

    private static SightRow Counted(Probe probe, Surroundings around)
    {
        var ofNode = probe.Source == Source.Nobody ? decimal.MaxValue : probe.Measure == Measure.Cpus ? around.Node.Cpus : around.Node.Memory;
        var limit = probe.Measure == Measure.Cpus ? around.Limits.Cpu : around.Limits.Memory;
        var (value, reason) = Seen(probe, around, ofNode, limit);
        var right = limit is { } amount ? Math.Min(decimal.Ceiling(amount), ofNode) : ofNode;
        var status = value == right && limit < ofNode ? SightStatus.Right : value == ofNode ? SightStatus.SameAsNode : SightStatus.Differs;
        return Row(
            probe, Text(ofNode, probe.Measure), value is { } known ? Text(known, probe.Measure) : Unknown,
            limit is { } some ? Text(some, probe.Measure) : null, status, reason, status == SightStatus.Right ? SightFix.None : FixOf(reason, probe));
    }

    private static (decimal? Value, SightReason Reason) Seen(Probe probe, Surroundings around, decimal ofNode, decimal? limit)
    {
        var wanted = limit is { } amount ? Math.Min(decimal.Ceiling(amount), ofNode) : (decimal?)null;
        if (probe.Variable is { } variable && around.TryGet(variable, probe.Measure, out var value))
            return (value, OfVariable(value, wanted, probe.Measure));
        if (probe.Source == Source.File && around.Missing(probe.File!) is { } missing)
            return (ofNode, limit is null ? SightReason.NoLimit : missing);
        if (probe.Source == Source.File && around.SharesProcesses)
        {
            var ofView = (probe.Measure == Measure.Cpus ? around.View.Cpu : around.View.Memory) ?? ofNode;
            return (Math.Min(decimal.Ceiling(ofView), ofNode), SightReason.SharedProcesses);
        }

        if (limit is null)
            return (ofNode, SightReason.NoLimit);
        if (limit >= ofNode)
            return (ofNode, SightReason.LimitAboveNode);
        return OfLimit(probe.Source, limit.Value, ofNode);
    }

    private static SightReason OfVariable(decimal? value, decimal? wanted, Measure measure) =>
        value is null ? SightReason.UnknownVariable
        : value == wanted ? SightReason.SetByVariable
        : value < wanted && measure == Measure.Memory ? SightReason.BelowLimit
        : SightReason.OtherVariable;

    private static (decimal? Value, SightReason Reason) OfLimit(Source source, decimal limit, decimal ofNode)
    {
        var whole = decimal.Ceiling(limit);
        return source switch
        {
            Source.File => (whole, whole == limit ? SightReason.ShowsLimit : SightReason.RoundedUp),
            Source.Affinity => (ofNode, SightReason.AsksAffinity),
            Source.Sysinfo => (ofNode, SightReason.AsksSysinfo),
            Source.PossibleCpus => (ofNode, SightReason.AsksPossibleCpus),
            Source.OwnProc => (ofNode, SightReason.OwnProc),
            Source.Nobody => (ofNode, SightReason.AsksNobody),
            Source.CgroupLeastTwo when whole < 2 => (Math.Min(2, ofNode), SightReason.LeastTwo),
            Source.CgroupRoundedDown when whole != limit && limit > 1 => (decimal.Floor(limit), SightReason.RoundedDown),
            _ => (whole, SightReason.ReadsCgroup),
        };
    }

    private static SightFix FixOf(SightReason reason, Probe probe) => reason switch
    {
        SightReason.NoLimit => SightFix.SetLimit,
        SightReason.LeftAlone or SightReason.SkippedContainer or SightReason.UnmaskedProc => SightFix.RemoveOptOut,
        SightReason.OwnMount or SightReason.NotMounted => SightFix.RemoveMount,
        SightReason.OtherVariable or SightReason.UnknownVariable => SightFix.MindVariable,
        SightReason.SharedProcesses or SightReason.HostProcesses or SightReason.LimitAboveNode or SightReason.BelowLimit => SightFix.None,
        _ => probe.Fix,
    };

    private static SightRow Row(Probe probe, string node, string container, string? limit, SightStatus status, SightReason reason, SightFix fix) =>
        new(probe.Command, node, container, limit, status, reason, reason.Text(), fix, fix.Text());

    /// <summary>As a person writes it: 1.5 CPUs, 256 MiB.</summary>
    private static string Text(decimal amount, Measure measure) =>
        amount == decimal.MaxValue ? Unset
        : measure == Measure.Memory ? MemoryText(amount)
        : amount.ToString("0.###", CultureInfo.InvariantCulture);

    public static string MemoryText(decimal bytes)
    {
        var unit = 0;
        for (; bytes >= 1024 && unit < Units.Length - 1; unit++)
            bytes /= 1024;
        return $"{bytes.ToString("0.##", CultureInfo.InvariantCulture)} {Units[unit]}";
    }
}
