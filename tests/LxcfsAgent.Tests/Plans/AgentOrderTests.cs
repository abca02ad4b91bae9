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
    private static readonly Gen<(string Event, int Pod)[]> Order = Gen.Select(Choice.Of(AgentEvents.All), Gen.Int[0, 3]).Array[1, 60];

    [Fact]
    public void Whatever_comes_one_agent_serves_in_the_end_and_everything_is_repaired() =>
        Order.Sample(
            order =>
            {
                var node = new SimulatedNode();
                foreach (var (what, pod) in order)
                    AgentEvents.Happen(node, what, pod);
                AgentEvents.Settle(node);
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
                    AgentEvents.Happen(node, what, pod);
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
                    AgentEvents.TakeRound(node);
                Assert.Empty(node.Agents);
                if (left)
                {
                    Assert.Empty(node.AtRoot);
                    Assert.All(node.Containers.SelectMany(Tops), top => Assert.True(top.Device == SimulatedNode.Lxd, $"{top} is left"));
                }
            },
            iter: 800,
            print: Print);

    [Fact]
    public void What_one_agent_took_away_is_given_back_though_the_next_one_takes_more_away_before_it_restores_anything()
    {
        var node = new SimulatedNode();
        foreach (var pod in (int[])[0, 1])
        {
            AgentEvents.Happen(node, "start", pod);
            for (var round = 0; round < 40 && node.AtRoot.Count == 0; round++)
                AgentEvents.TakeRound(node);
            AgentEvents.Happen(node, "container", pod);
            AgentEvents.Happen(node, "stop", pod);
            for (var round = 0; round < 200 && node.Agents.Count > 0; round++)
                AgentEvents.TakeRound(node);
        }

        Assert.Equal((2, 2), (node.Containers.Count, node.Withdrawn.Count));

        AgentEvents.Happen(node, "start", 2);
        AgentEvents.Settle(node);
        CheckServed(node);
    }

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
                var agent = AgentEvents.Join(node, 0, own ? 2 : 4);

                var turns = 0;
                for (; turns < 30 && (agent.Phase != Phase.Owner || agent.Plan is not { Actions: [], NextScan: not null }); turns++)
                    AgentEvents.TakeRound(node);

                Assert.True(turns < 30, $"no rest: {agent.Plan}");
                CheckServed(node, newest: agent);
                var done = agent.Done;
                for (var round = 0; round < 100; round++)
                    AgentEvents.TakeRound(node);
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
                    AgentEvents.Happen(node, what, pod, (from, to) => Add(from, to));
                AgentEvents.Settle(node);
            },
            iter: 800);
        return ways;

        void Add(Phase from, Phase to)
        {
            lock (ways)
                ways.Add((from, to));
        }
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
        Assert.All(node.Containers.Where(container => !container.IsHidden).SelectMany(container => container.Files), file => Assert.True(file.Value.Count > 0, $"{file.Key} was not given back"));
        Assert.All(node.Containers.SelectMany(Tops), top => Assert.True(top.Device == newest.Lxcfs.Device || top.Device == SimulatedNode.Lxd, $"{top} is stale"));
        Assert.All(node.MountPoints, point => Assert.True(
            point.Key == newest.Lxcfs.MountPoint || (point.Value != newest.Generation && node.Agents.Exists(agent => agent.Generation == point.Value)), $"{point} is left"));
    }

    private static bool Serves(SimulatedAgent agent) => agent.Works || agent.IsRight;

    /// <summary>What the files show that are neither covered nor hidden.</summary>
    private static IEnumerable<SimulatedLayer> Tops(SimulatedContainer container) =>
        container.IsHidden ? [] : container.Files.Values.Where(stack => stack is [.., { IsLxcfs: true }]).Select(stack => stack[^1]);

    private static string Print((string Event, int Pod)[] order) =>
        string.Join(", ", order.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Event} {one.Pod}")));
}
