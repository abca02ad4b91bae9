using LxcfsAgent.Plan;

namespace LxcfsAgent.Tests.Plans;

/// <summary>What happens to a simulated node and its agents, from outside and by turns of theirs.</summary>
internal static class AgentEvents
{
    /// <summary>Each may come at any moment; some more often than others.</summary>
    public static readonly string[] All =
    [
        "start", "start", "stop", "kill agent", "kill pod", "lxcfs dies", "lxcfs hangs", "break", "fix", "fail", "fail twice",
        "look", "act", "turn", "turn", "turn", "turn", "second", "ten seconds",
        "container", "container", "container ends", "cover", "cover root",
    ];

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.25);

    /// <summary>
    /// Longer than the longest pause, the longest stop and the longest time between two scans together.
    /// </summary>
    private const int Rounds = 400;

    public static void Happen(SimulatedNode node, string what, int pod, Action<Phase, Phase>? became = null)
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
    public static void Settle(SimulatedNode node)
    {
        node.AtRoot.RemoveAll(mount => !mount.IsLxcfs);
        node.Agents.ForEach(agent => agent.Recover());
        for (var round = 0; round < Rounds; round++)
            TakeRound(node);
        Assert.DoesNotContain(node.Agents, agent => agent.StopRequested);
    }

    public static void TakeRound(SimulatedNode node)
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

    private static long GenerationOf(SimulatedNode node, int pod)
    {
        // A pod keeps its generation when its container is restarted.
        if (!node.Generations.TryGetValue(pod, out var generation))
            node.Generations[pod] = generation = ++node.LastGeneration;
        return generation;
    }

    public static SimulatedAgent Join(SimulatedNode node, int pod, long generation, Action<Phase, Phase>? became = null)
    {
        var agent = new SimulatedAgent(node, pod, generation) { Became = became ?? ((_, _) => { }) };
        node.Agents.Add(agent);
        return agent;
    }
}
