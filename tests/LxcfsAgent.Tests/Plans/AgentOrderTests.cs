using System.Globalization;
using CsCheck;
using LxcfsAgent.Plan;

namespace LxcfsAgent.Tests.Plans;

/// <summary>
/// Whole lives of agents on a simulated node: their plans are carried out by a model of it. What is printed on a failure is the shortest
/// order of events that shows it.
/// </summary>
public sealed class AgentOrderTests
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.25);

    /// <summary>
    /// Longer than the longest pause, the longest stop and the longest time between two scans together.
    /// </summary>
    private const int Rounds = 400;

    private static readonly string[] Events =
    [
        "start", "start", "stop", "kill agent", "kill pod", "lxcfs dies", "lxcfs hangs", "break", "fix", "fail", "fail twice",
        "look", "act", "turn", "turn", "turn", "turn", "second", "ten seconds",
        "container", "container", "container ends", "cover", "cover root",
    ];

    private static readonly Gen<(string Event, int Pod)[]> Order = Gen.Select(Choice.Of(Events), Gen.Int[0, 3]).Array[1, 60];

    [Fact]
    public void Whatever_comes_one_agent_serves_in_the_end_and_everything_is_repaired() =>
        Order.Sample(
            order =>
            {
                var node = new SimulatedNode();
                foreach (var (what, pod) in order)
                    Happen(node, what, pod);
                Settle(node);
                CheckServed(node);
            },
            iter: 800,
            print: Print);

    [Fact]
    public void Whatever_comes_all_agents_that_are_told_to_stop_end_and_leave_no_file_behind() =>
        Order.Sample(
            order =>
            {
                var node = new SimulatedNode();
                foreach (var (what, pod) in order)
                    Happen(node, what, pod);
                // What covers ROOT is not LXCFS', and whoever put it there takes it away.
                node.AtRoot.RemoveAll(mount => !mount.IsLxcfs);
                // One that was told before may be about to end, and leave the rest to another that has been killed since.
                var left = node.Agents.Exists(agent => !agent.StopRequested);
                foreach (var agent in node.Agents)
                {
                    agent.Recover();
                    agent.StopRequested = true;
                }

                for (var round = 0; round < 200 && node.Agents.Count > 0; round++)
                    TakeRound(node);
                Assert.Empty(node.Agents);
                if (left)
                {
                    Assert.Empty(node.AtRoot);
                    Assert.All(node.Containers.SelectMany(Tops), top => Assert.True(top.Device == SimulatedNode.Lxd, $"{top} is left"));
                }
            },
            iter: 800,
            print: Print);

    /// <summary>Whatever an agent finds when it starts: dead mounts, leftovers, records, stacks.</summary>
    [Fact]
    public void From_any_node_an_agent_comes_to_rest_within_a_few_turns_and_has_repaired_everything() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 6], Gen.Int[0, 3], Gen.Bool).Sample(
            (leftovers, dead, containers, layers, own) =>
            {
                var node = new SimulatedNode { LastGeneration = 3, Owner = own ? 2 : 3 };
                for (var i = 0; i < leftovers; i++)
                {
                    var left = node.Start(i + 1);
                    (left.IsMounted, left.Runs) = (true, i % 2 == 0);
                }

                for (var i = 0; i < dead; i++)
                    node.AtRoot.Add(new(SimulatedNode.Root, $"0:{node.NextNumber()}", IsLxcfs: true));
                for (var i = 0; i < containers; i++)
                    node.Add(node.Lxcfs.Count > 0 && i % 2 == 0 ? node.Lxcfs[i % node.Lxcfs.Count].Device : "0:1", layers: 1 + (i % (layers + 1)));
                node.Add(SimulatedNode.Lxd);
                node.Withdraw(node.Scan(null, [], details: true).Containers.Take(1).Select(one => new Worker.ContainerWork(one.Namespace, one.Processes!, one.Files!)).ToList());
                var agent = Join(node, 0, own ? 2 : 4);

                var turns = 0;
                for (; turns < 30 && (agent.Phase != Phase.Owner || agent.Plan is not { Actions: [], NextScan: not null }); turns++)
                    TakeRound(node);

                Assert.True(turns < 30, $"no rest: {agent.Plan}");
                CheckServed(node, newest: agent);
                var done = agent.Done;
                for (var round = 0; round < 100; round++)
                    TakeRound(node);
                Assert.Equal(done, agent.Done);
            },
            iter: 1000);

    /// <summary>The ways from a phase to another that lives of agents take; the page on them draws no others.</summary>
    internal static HashSet<(Phase From, Phase To)> Ways()
    {
        var ways = new HashSet<(Phase, Phase)>();
        Order.Sample(
            order =>
            {
                var node = new SimulatedNode();
                foreach (var (what, pod) in order)
                    Happen(node, what, pod, (from, to) => Add(from, to));
                Settle(node);
            },
            iter: 800);
        return ways;

        void Add(Phase from, Phase to)
        {
            lock (ways)
                ways.Add((from, to));
        }
    }

    private static void Happen(SimulatedNode node, string what, int pod, Action<Phase, Phase>? became = null)
    {
        var agent = node.Agents.Find(one => one.Pod == pod);
        node.Now += TimeSpan.FromSeconds(0.1);
        switch (what)
        {
            case "start" when agent is null:
                Join(node, pod, GenerationOf(node, pod), became);
                break;
            case "stop" when agent is not null:
                agent.StopRequested = true;
                break;
            case "kill agent" or "kill pod" when agent is not null:
                node.Agents.Remove(agent);
                foreach (var one in node.Lxcfs.Where(one => what == "kill pod" && one.Generation == agent.Generation))
                    one.Runs = false;
                break;
            case "lxcfs dies" when agent?.Lxcfs is { } lxcfs:
                lxcfs.Runs = false;
                break;
            case "lxcfs hangs":
                agent?.Hang();
                break;
            case "break" or "fix" when agent is not null:
                agent.Works = what == "fix";
                break;
            case "fail" or "fail twice" when agent is not null:
                agent.Failures = what == "fail" ? 1 : 2;
                break;
            case "look":
                agent?.Look();
                break;
            case "act" when agent is not null:
                agent.Act();
                RemoveStopped(node, agent);
                break;
            case "turn":
                TakeTurn(node, agent);
                break;
            case "second" or "ten seconds":
                node.Now += TimeSpan.FromSeconds(what == "second" ? 1 : 10);
                break;
            // A pod can start only where ROOT shows an LXCFS that answers.
            case "container" when node.AtRoot is [.., { IsLxcfs: true } top] && node.Answers(top.Device):
                node.Add(top.Device, covered: pod == 3, hidden: pod == 2 && node.Containers.Count % 2 == 0);
                break;
            case "container" when pod == 3:
                node.Add(SimulatedNode.Lxd);
                break;
            case "container ends" when node.Containers.Count > 0:
                node.Containers.RemoveAt(pod % node.Containers.Count);
                break;
            case "cover" when node.Containers.Count > 0:
                node.Containers[pod % node.Containers.Count].Files["/proc/meminfo"].Add(new(node.NextNumber(), "0:7", IsLxcfs: false));
                break;
            case "cover root" when pod == 0 && node.AtRoot.Count > 0:
                node.AtRoot.Add(new(SimulatedNode.Root, "0:8", IsLxcfs: false));
                break;
        }
    }

    /// <summary>Nothing happens any more, and nothing is in the agents' way.</summary>
    private static void Settle(SimulatedNode node)
    {
        node.AtRoot.RemoveAll(mount => !mount.IsLxcfs);
        node.Agents.ForEach(agent => agent.Recover());
        for (var round = 0; round < Rounds; round++)
            TakeRound(node);
        Assert.DoesNotContain(node.Agents, agent => agent.StopRequested);
    }

    private static void TakeRound(SimulatedNode node)
    {
        node.Now += Round;
        foreach (var agent in node.Agents.ToList())
            TakeTurn(node, agent);
    }

    private static void TakeTurn(SimulatedNode node, SimulatedAgent? agent)
    {
        if (agent is null)
            return;
        agent.TakeTurn();
        RemoveStopped(node, agent);
    }

    private static void RemoveStopped(SimulatedNode node, SimulatedAgent agent)
    {
        if (agent.Phase != Phase.Stopped)
            return;
        node.Agents.Remove(agent);
        // Its container ends, and everything in it.
        if (agent.Lxcfs is { } lxcfs)
            lxcfs.Runs = false;
    }

    private static void CheckServed(SimulatedNode node, SimulatedAgent? newest = null)
    {
        newest ??= node.Agents.Where(Serves).MaxBy(agent => agent.Generation);
        if (newest is null)
            return;
        Assert.True(newest.IsRight && node.Owner == newest.Generation && newest.Phase == Phase.Owner, $"{newest.Generation} is {newest.Phase}, {node.Owner} owns");
        Assert.All(node.Agents.Where(agent => Serves(agent) && agent != newest), agent => Assert.Equal(Phase.Standby, agent.Phase));
        Assert.All(node.Agents.Where(agent => !Serves(agent)), agent => Assert.True(agent.Phase is Phase.Starting or Phase.SteppingBack));
        Assert.Null(newest.Plan.NotReady);
        Assert.Empty(newest.Plan.Actions);
        Assert.Equal([newest.Lxcfs!.Device], node.AtRoot.Select(mount => mount.Device));
        Assert.DoesNotContain(node.Withdrawn, record => node.Containers.Exists(container => container.Namespace == record.MountNamespace));
        Assert.All(node.Containers.SelectMany(Tops), top => Assert.True(top.Device == newest.Lxcfs.Device || top.Device == SimulatedNode.Lxd, $"{top} is stale"));
        Assert.All(node.MountPoints, point => Assert.True(
            point.Key == newest.Lxcfs.MountPoint || (point.Value != newest.Generation && node.Agents.Exists(agent => agent.Generation == point.Value)), $"{point} is left"));
    }

    private static bool Serves(SimulatedAgent agent) => agent.Works || agent.IsRight;

    /// <summary>What the files show that are neither covered nor hidden.</summary>
    private static IEnumerable<SimulatedLayer> Tops(SimulatedContainer container) =>
        container.IsHidden ? [] : container.Files.Values.Where(stack => stack is [.., { IsLxcfs: true }]).Select(stack => stack[^1]);

    private static long GenerationOf(SimulatedNode node, int pod)
    {
        // A pod keeps its generation when its container is restarted.
        if (!node.Generations.TryGetValue(pod, out var generation))
            node.Generations[pod] = generation = ++node.LastGeneration;
        return generation;
    }

    private static SimulatedAgent Join(SimulatedNode node, int pod, long generation, Action<Phase, Phase>? became = null)
    {
        var agent = new SimulatedAgent(node, pod, generation) { Became = became ?? ((_, _) => { }) };
        node.Agents.Add(agent);
        return agent;
    }

    private static string Print((string Event, int Pod)[] order) =>
        string.Join(", ", order.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Event} {one.Pod}")));
}
