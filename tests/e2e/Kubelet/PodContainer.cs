using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Kubelet;

/// <summary>A running container of a pod, below the pod's own cgroup.</summary>
internal sealed class PodContainer(Node node, string id) : Container(node, id)
{
    public static async Task<PodContainer> StartAsync(
        Node node, string cgroup, string id, string image, IEnumerable<string> options, IEnumerable<string> command)
    {
        var container = new PodContainer(node, id);
        try
        {
            await container.StartAsync($"{cgroup}/{id}", image, options, command);
            return container;
        }
        catch (InvalidOperationException)
        {
            await container.ForgetAsync();
            throw;
        }
    }

    /// <summary>A runtime keeps the remains of a container that it could not start.</summary>
    private async Task ForgetAsync()
    {
        await Node.TryAsync("ctr", "task", "rm", "--force", Id);
        await Node.TryAsync("ctr", "container", "rm", Id);
        await Node.TryAsync("ctr", "snapshot", "rm", Id);
    }
}
