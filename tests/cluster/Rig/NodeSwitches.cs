namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>What can be switched off on a node, by the files that plane.sh and node.sh look at.</summary>
internal sealed class NodeSwitches(string cluster, NodeProcesses processes)
{
    /// <summary>Whatever runs on the node is gone at once, and so is /run; its disk stays.</summary>
    public async Task CutPowerAsync()
    {
        await File.WriteAllTextAsync(Switch("off"), "");
        NodeProcesses.Kill(processes.Init!.Value);
        await Eventually.NullAsync(() => processes.Init is null ? null : "the node lives on");
    }

    public void RestorePower() => File.Delete(Switch("off"));

    /// <summary>Ends the kubelet or containerd, and keeps it from coming back.</summary>
    public async Task StopAsync(string program)
    {
        await File.WriteAllTextAsync(Switch($"off-{program}"), "");
        NodeProcesses.Kill(processes.Running(program)!.Value);
        await Eventually.NullAsync(() => processes.Running(program) is null ? null : $"{program} lives on");
    }

    public Task StartAsync(string program)
    {
        File.Delete(Switch($"off-{program}"));
        return Eventually.NullAsync(() => processes.Running(program) is null ? $"{program} does not start" : null);
    }

    private string Switch(string name) => Path.Combine(cluster, name);
}
