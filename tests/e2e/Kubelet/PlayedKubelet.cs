using k8s;
using k8s.Models;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd.Kubelet;

/// <summary>
/// Plays a kubelet, in these tests alone: takes a pod as an API server stored it and runs it with a node's containerd. What it does
/// was seen with a real one: hostPaths are checked by their types, init containers end before the next one starts, and every
/// container runs below the pod's own cgroup.
/// </summary>
/// <remarks>
/// No probes, no restarts by itself, no images but those that prepare.sh built, no native sidecars, which the API server here does
/// not know. A volume or a variable of a kind that it does not know it refuses.
/// </remarks>
internal sealed class PlayedKubelet
{
    /// <summary>The directory that the DaemonSet serves, at the path that stored pods name.</summary>
    private const string Shared = "/var/lib/lxc";

    private readonly Node _node;

    private PlayedKubelet(Node node) => _node = node;

    public static async Task<PlayedKubelet> StartAsync(Node node)
    {
        // In the node's mount namespace alone: the machine's own /var/lib stays as it is.
        await node.RunAsync("mount", "-t", "tmpfs", "kubelet", "/var/lib");
        await node.RunAsync("mkdir", Shared);
        await node.RunAsync("mount", "--bind", node.Parent, Shared);
        return new(node);
    }

    /// <summary>Runs a pod until its init containers have ended and all others have started.</summary>
    /// <param name="pod">As it is stored.</param>
    /// <param name="secrets">Those that it mounts, by their names.</param>
    /// <exception cref="MountFailedException">A hostPath is not there; nothing has been started.</exception>
    /// <exception cref="InvalidOperationException">A container could not be started; nothing of the pod is left.</exception>
    public async Task<PlayedPod> RunAsync(string pod, IReadOnlyDictionary<string, V1Secret>? secrets = null)
    {
        var stored = KubernetesJson.Deserialize<V1Pod>(pod);
        var played = new PlayedPod(_node, stored, (stored.Spec.Volumes ?? []).ToDictionary(volume => volume.Name, volume => SourceOf(stored, volume, secrets)));
        try
        {
            await played.StartAsync();
            return played;
        }
        catch (InvalidOperationException)
        {
            await played.StopAsync(TimeSpan.Zero);
            throw;
        }
    }

    private string SourceOf(V1Pod pod, V1Volume volume, IReadOnlyDictionary<string, V1Secret>? secrets)
    {
        if (volume.HostPath is { } source)
        {
            HostPathType.Check(source, _node.FromOutside(source.Path));
            return source.Path;
        }

        var folder = Directory.CreateDirectory(Path.Combine(_node.Folder, "pods", pod.Uid(), volume.Name)).FullName;
        if (volume.Secret is { } wanted)
            SecretFiles.Write(folder, secrets![wanted.SecretName], wanted.DefaultMode, pod.Spec.SecurityContext?.FsGroup);
        else if (volume.EmptyDir is null)
            throw new NotSupportedException($"no test has needed a volume like {volume.Name} yet");
        return folder;
    }
}
