using System.Globalization;
using CsCheck;
using LxcfsAgent.Plan;
using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Plans;

/// <summary>What holds of a plan whatever the node looks like, also as it never should.</summary>
public sealed class PlanPropertyTests
{
    private static readonly Gen<string> Device = Any("0:40", "0:45", "0:50", "0:60", "0:70");
    private static readonly Gen<string> Namespace = Any("mnt:[1]", "mnt:[2]", "mnt:[3]");
    private static readonly Gen<TimeSpan> Time = Gen.Int[0, 200].Select(time => TimeSpan.FromSeconds(time));
    private static readonly Gen<string> Point = Any("/m/1-1", "/m/2-2", "/m/2-3", "/m/3-5");

    private static readonly Gen<FileFacts> AFile =
        from path in Any("/proc/meminfo", "/proc/stat", "/proc/uptime")
        from layer in Gen.Enum<FileLayer>()
        from mount in Gen.Int[1, 99]
        from device in Device
        from stacked in Gen.Bool
        select new FileFacts(path, path, layer, mount, device, stacked ? [new(mount + 100, device)] : null);

    private static readonly Gen<ContainerScan> AScan =
        from files in AFile.Array[0, 3].Array[0, 3]
        from node in Device.Array[0, 3]
        from own in Device.Array[0, 2]
        from details in Gen.Bool
        from complete in Choice.Of(true, true, false)
        from known in Choice.Of(true, true, false)
        from unreadable in Gen.OneOf(Gen.Const(false), Gen.Const(true)).Array[0, 2]
        from few in Choice.Of(true, true, false)
        from skipped in Choice.Of(0, 0, 1)
        select new ContainerScan(
            [.. files.Select((some, i) => new ContainerFacts(string.Create(CultureInfo.InvariantCulture, $"mnt:[{i + 1}]"), i, Live: 0, Files: some, OwnDevices: own))],
            new(1, 0, [], known ? node : null, few ? [] : [.. unreadable.Select(refused => new UnreadableNamespace(refused ? null : "mnt:[9]", 9, "it failed", refused))], [], complete))
        { Details = details, Skipped = skipped };

    private static readonly Gen<Agents> SomeAgents =
        from joined in Choice.Of(true, true, true, false)
        from owner in Gen.Long[0, 4]
        from others in Choice.Of<long>(1, 3, 4).HashSet[0, 2]
        select new Agents(joined, 2, owner, [.. others.Append(2).Order()]);

    private static readonly Gen<LxcfsState?> ALxcfs =
        from health in Gen.Enum<LxcfsHealth>()
        from device in Device
        from none in Choice.Of(true, false, false)
        select none ? null : new LxcfsState(7, "/m/2-3", health, device, health is LxcfsHealth.Wrong or LxcfsHealth.Hung ? "it is wrong" : null);

    private static readonly Gen<NodeMount> AtRoot =
        from device in Device
        from lxcfs in Choice.Of(true, true, true, false)
        select new NodeMount("/r", device, lxcfs);

    private static readonly Gen<Dictionary<string, Retry>> Retries =
        from keys in Gen.OneOf(
            Namespace, Any("StartLxcfs", "AdoptLxcfs", "StopLxcfs", "ClaimNode", "ReleaseNode", "PublishRoot", "UnpublishRoot", "RepairContainers", "WithdrawFiles", "RestoreFiles"),
            Point.Select(point => "RemoveMountPoint " + point)).HashSet[0, 5]
        from due in Time
        select keys.ToDictionary(key => key, _ => new Retry(due, "it failed"));

    private static readonly Gen<NodeSnapshot> Node =
        from time in Gen.Select(Time, Time, Time, Time)
        from phase in Gen.Enum<Phase>()
        from flags in Gen.Select(Gen.Bool, Gen.Bool, Choice.Of<string?>(null, null, null, null, "no open_tree"))
        from agents in SomeAgents
        from lxcfs in ALxcfs
        from mounts in Gen.Select(AtRoot.Array[0, 3], Device.Array[0, 3], Point.HashSet[0, 4])
        from scan in AScan
        from rest in Gen.Select(Retries, Namespace.HashSet[0, 3], Gen.Int[0, 2])
        from known in Device.HashSet[0, 3]
        from owned in Choice.Of(0, 0, 1000)
        select new NodeSnapshot
        {
            Now = time.Item1 + TimeSpan.FromSeconds(owned),
            Known = known,
            PhaseSince = time.Item1 < time.Item2 ? time.Item1 : time.Item2,
            ScanDue = time.Item3,
            StartDue = time.Item4,
            Phase = phase,
            StopRequested = flags.Item1,
            StopSince = time.Item1 < time.Item3 ? time.Item1 : time.Item3,
            Scan = flags.Item2 ? scan : null,
            KernelLacks = flags.Item3,
            Agents = agents,
            Lxcfs = lxcfs,
            Root = "/r",
            AtRoot = mounts.Item1,
            AtMountPoints = [.. mounts.Item2.Select(device => new NodeMount("/m/1-1", device, IsLxcfs: true))],
            MountPoints = [.. mounts.Item3.Select(path => new MountPoint(path, path[3] - '0'))],
            Retries = rest.Item1,
            Withdrawn = [.. rest.Item2.Select(name => new WithdrawnContainer(name, 7, 8, [new("/proc/stat", "/proc/stat")]))],
            UnusedLooks = rest.Item3,
            Adoptable = lxcfs is null && mounts.Item3.Contains("/m/2-2") ? "/m/2-2" : null,
        };

    [Fact]
    public void No_plan_breaks_a_rule_however_odd_the_node_is() =>
        Node.Sample(
            node =>
            {
                PlanRules.Check(node, Planner.Plan(node));
            },
            iter: 20_000);

    [Fact]
    public void The_same_node_gives_the_same_plan() =>
        Node.Sample(node => Assert.Equal(PlanCase.Text(Planner.Plan(node)), PlanCase.Text(Planner.Plan(node with { }))), iter: 500);

    [Fact]
    public void Whoever_stops_plans_to_end_once_it_has_waited_long_enough() =>
        Node.Sample(
            node =>
            {
                var stopping = node with
                {
                    StopRequested = true,
                    Phase = node.Agents.OthersLive ? Phase.HandingOver : Phase.Withdrawing,
                    StopSince = TimeSpan.Zero,
                    Now = Timing.LongestStop + TimeSpan.FromTicks(1),
                };
                // The node is let go before anything else, if it may be.
                Assert.True(Planner.Plan(stopping) is { Phase: Phase.Stopped } or { Actions: [ReleaseNode] });
            },
            iter: 5000);

    private static Gen<string> Any(params string[] texts) => Choice.Of(texts);
}
