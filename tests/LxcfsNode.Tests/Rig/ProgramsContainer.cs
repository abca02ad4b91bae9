using System.Text.Json.Nodes;

namespace LxcfsNode.Tests.Rig;

/// <summary>A container of the programs that explain speaks of, with the mounts and variables that inject wrote into its manifest.</summary>
internal sealed class ProgramsContainer(Node node, string id) : Container(node, id)
{
    /// <summary>As a kubelet's runtime mounts it: what reads the container's own limits finds them there.</summary>
    private const string Cgroups = "type=cgroup,src=cgroup,dst=/sys/fs/cgroup,options=nosuid:noexec:nodev:relatime:ro";

    /// <summary>As one that starts containers itself has it.</summary>
    private const string WritableCgroups = "type=cgroup,src=cgroup,dst=/sys/fs/cgroup,options=nosuid:noexec:nodev:relatime:rw";

    /// <param name="pod">As inject prints it.</param>
    public static async Task<ProgramsContainer> StartAsync(Node node, string id, JsonNode pod, bool isPrivileged = false)
    {
        var container = pod["spec"]!["containers"]![0]!;
        var sources = (pod["spec"]!["volumes"]?.AsArray() ?? [])
            .ToDictionary(volume => (string)volume!["name"]!, volume => (string)volume!["hostPath"]!["path"]!);
        var mounts = (container["volumeMounts"]?.AsArray() ?? []).SelectMany(mount => new[]
        {
            "--mount", $"type=bind,src={sources[(string)mount!["name"]!]},dst={mount["mountPath"]},options=rbind:rprivate:ro",
        });
        var variables = (container["env"]?.AsArray() ?? []).SelectMany(variable => new[] { "--env", $"{variable!["name"]}={variable["value"]}" });
        var programs = new ProgramsContainer(node, id);
        await programs.StartAsync("programs", [.. mounts, .. variables, .. isPrivileged ? ["--privileged", "--mount", WritableCgroups] : (string[])["--mount", Cgroups]], ["sleep", "1000000"]);
        return programs;
    }
}
