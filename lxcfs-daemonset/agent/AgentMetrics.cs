using System.Globalization;
using System.Text;

namespace LxcfsAgent;

/// <summary>
/// What the agent counts, in Prometheus' text format. Written by hand: the library that the admission functions use would
/// be the larger part of this process, for a dozen numbers without labels.
/// </summary>
internal sealed class AgentMetrics
{
    private readonly List<Number> _numbers = [];

    /// <param name="isNriAsked">Whether the runtime is to ask this agent: where it is not, to be not registered means nothing, and is not told.</param>
    public AgentMetrics(bool isNriAsked = true)
    {
        LxcfsUp = Add("lxcfs_agent_lxcfs_up", "gauge", "Whether LXCFS answers right values.");
        Owner = Add("lxcfs_agent_owner", "gauge", "Whether this agent serves the node; 0 while it stands by.");
        Restarts = Add("lxcfs_agent_lxcfs_restarts_total", "counter", "How often LXCFS ended, or hung, and was started again.");
        Containers = Add("lxcfs_agent_containers", "gauge", "Containers that files of LXCFS are mounted in, at the last scan.");
        Stale = Add("lxcfs_agent_stale_files_total", "counter", "Files found that were bound to an LXCFS that is dead or superseded.");
        Repairs = Add("lxcfs_agent_repaired_files_total", "counter", "Files moved to the LXCFS that lives.");
        Faults = Add("lxcfs_agent_repair_faults_total", "counter", "Containers that could not be repaired at a try.");
        Errors = Add("lxcfs_agent_errors_total", "counter", "Actions, looks and turns of the agent that failed.");
        Adoptions = Add("lxcfs_agent_adoptions_total", "counter", "How often an LXCFS was taken over from an agent that had died.");
        ForeignNamespaces = Add("lxcfs_agent_foreign_namespaces", "gauge", "Mount namespaces of other user namespaces, which are never entered.");
        OtherTargets = Add("lxcfs_agent_other_targets", "gauge", "Files of LXCFS at paths that are not their own, which are left alone.");
        Quarantined = Add("lxcfs_agent_quarantined_containers", "gauge", "Containers that failed, and are tried again after a pause.");
        BoundsHit = Add("lxcfs_agent_bounds_hit_total", "counter", "How often something was longer than what is looked at of it.");
        WorkersKilled = Add("lxcfs_agent_workers_killed_total", "counter", "Workers that something held up, and that were ended.");
        IncompleteScans = Add("lxcfs_agent_incomplete_scans_total", "counter", "Looks at the node's containers that left something out.");
        DeniedCalls = Add("lxcfs_agent_denied_calls_total", "counter", "Lines of LXCFS on system calls that its filter denied: at most one a second for each call.");
        Registered = AddIf(isNriAsked, "lxcfs_agent_nri_registered", "gauge", "Whether the container runtime asks this agent about new containers.");
        Delivered = Add("lxcfs_agent_delivered_containers_total", "counter", "Containers that had the files brought by the node before their first instruction.");
        AttachedLate = Add("lxcfs_agent_attached_late_total", "counter", "Containers that started without the files, and got them later.");
        Refused = Add("lxcfs_agent_delivery_waits_total", "counter", "How often a container was not made since LXCFS did not answer; its kubelet tries again.");
        DeliveryErrors = Add("lxcfs_agent_delivery_errors_total", "counter", "Tries to bring a container its files that failed.");
        Scans = Add("lxcfs_agent_scan_seconds_count", "counter", "How often the node's containers were looked at.");
        ScanSeconds = Add("lxcfs_agent_scan_seconds_sum", "counter", "The seconds that this took.");
        RepairPasses = Add("lxcfs_agent_repair_seconds_count", "counter", "How often containers were repaired.");
        RepairSeconds = Add("lxcfs_agent_repair_seconds_sum", "counter", "The seconds that this took.");
    }

    public Number LxcfsUp { get; }

    public Number Owner { get; }

    public Number Restarts { get; }

    public Number Containers { get; }

    public Number Stale { get; }

    public Number Repairs { get; }

    public Number Faults { get; }

    public Number Errors { get; }

    public Number Adoptions { get; }

    public Number ForeignNamespaces { get; }

    public Number OtherTargets { get; }

    public Number Quarantined { get; }

    public Number BoundsHit { get; }

    public Number WorkersKilled { get; }

    public Number IncompleteScans { get; }

    public Number DeniedCalls { get; }

    public Number Registered { get; }

    public Number Delivered { get; }

    public Number AttachedLate { get; }

    public Number Refused { get; }

    public Number DeliveryErrors { get; }

    public Number Scans { get; }

    public Number ScanSeconds { get; }

    public Number RepairPasses { get; }

    public Number RepairSeconds { get; }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var number in _numbers)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {number.Name} {number.Help}\n# TYPE {number.Name} {number.Type}\n");
            text.Append(CultureInfo.InvariantCulture, $"{number.Name} {number.Value}\n");
        }

        return text.ToString();
    }

    private Number Add(string name, string type, string help) => AddIf(isTold: true, name, type, help);

    private Number AddIf(bool isTold, string name, string type, string help)
    {
        var number = new Number(name, type, help);
        if (isTold)
            _numbers.Add(number);
        return number;
    }

    /// <summary>One number; set by one thread, added to by any, read by whoever asks.</summary>
    internal sealed class Number(string name, string type, string help)
    {
        private double _value;

        public string Name => name;

        public string Type => type;

        public string Help => help;

        public double Value => Volatile.Read(ref _value);

        public void Set(double value) => Volatile.Write(ref _value, value);

        public void Add(double value)
        {
            for (var seen = Value; Interlocked.CompareExchange(ref _value, seen + value, seen) is var found && found != seen;)
                seen = found;
        }
    }
}
