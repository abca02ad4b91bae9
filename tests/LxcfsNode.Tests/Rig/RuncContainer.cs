using System.Globalization;
using System.Text.Json.Nodes;

namespace LxcfsNode.Tests.Rig;

/// <summary>A container that is made and started in two steps, as a runtime calls runc, and that nobody gives any file of LXCFS.</summary>
internal sealed class RuncContainer
{
    private readonly Node _node;
    private readonly string _bundle;

    private RuncContainer(Node node, string id, bool hasUserNamespace) =>
        (_node, Id, HasUserNamespace, _bundle) = (node, id, hasUserNamespace, Path.Combine(node.Folder, "bundles", id));

    public string Id { get; }

    public bool HasUserNamespace { get; }

    /// <summary>Its first process, as the tests see it.</summary>
    public int Pid { get; private set; }

    public int PidInNode { get; private set; }

    /// <summary>What its first command read of its memory.</summary>
    public string FirstRead => File.Exists($"{_bundle}/out/first") ? File.ReadAllText($"{_bundle}/out/first") : "";

    public PlayedRuntime.NamedContainer Named => new(Id, PidInNode, HasUserNamespace);

    /// <summary>How many files it has of the LXCFS that the node serves, and of any.</summary>
    public (int Live, int All) Files
    {
        get
        {
            var mounts = Mount.Of(Pid).Where(ServedFiles.Has).ToList();
            return (mounts.Count(mount => mount.Device == _node.Live?.Device), mounts.Count);
        }
    }

    /// <summary>Made: its process is there, and has run nothing of its own.</summary>
    /// <param name="then">What it does when it has read its memory.</param>
    public static async Task<RuncContainer> CreateAsync(Node node, string id, bool hasUserNamespace, string then = "")
    {
        var container = new RuncContainer(node, id, hasUserNamespace);
        var bundle = container._bundle;
        Directory.CreateDirectory($"{bundle}/rootfs/bin");
        foreach (var folder in (string[])["proc", "sys", "dev", "out"])
            Directory.CreateDirectory($"{bundle}/rootfs/{folder}");
        File.Copy("/bin/busybox", $"{bundle}/rootfs/bin/busybox");
        Directory.CreateDirectory($"{bundle}/out");
        File.SetUnixFileMode($"{bundle}/out", (UnixFileMode)0b111_111_111);
        await node.RunAsync("runc", "spec", "--bundle", bundle);
        await File.WriteAllTextAsync($"{bundle}/config.json", container.Configured(await File.ReadAllTextAsync($"{bundle}/config.json"), then));
        // Who is made holds what it is given to write to.
        await node.RunAsync("sh", "-c", $"exec runc --root /run/runc-tests create --bundle {bundle} --pid-file {bundle}/pid {id} </dev/null >{node.LogFolder}/{id} 2>&1");
        container.PidInNode = int.Parse(await File.ReadAllTextAsync($"{bundle}/pid"), CultureInfo.InvariantCulture);
        container.Pid = Processes.InNamespaceOf(node.Pid, container.PidInNode, $"/{node.Name}/{id}")
            ?? throw new InvalidOperationException($"{id} ended at once");
        return container;
    }

    public Task StartAsync() => _node.RunAsync("runc", "--root", "/run/runc-tests", "start", Id);

    /// <summary>Has every file, of the LXCFS that serves.</summary>
    public Task ServedAsync() => Eventually.TrueAsync(
        () => Files == (ServedFiles.Count, ServedFiles.Count), () => $"{Id}: {Files}\n{_node.Logs}");

    private string Configured(string text, string then)
    {
        var spec = JsonNode.Parse(text)!;
        spec["process"]!["terminal"] = false;
        spec["process"]!["args"] = new JsonArray("/bin/busybox", "sh", "-c", $"busybox head -n 1 /proc/meminfo > /out/first; {then} exec busybox sleep 600");
        spec["process"]!["env"] = new JsonArray("PATH=/bin");
        spec["mounts"]!.AsArray().Add(new JsonObject
        {
            ["destination"] = "/out",
            ["type"] = "bind",
            ["source"] = $"{_bundle}/out",
            ["options"] = new JsonArray("rbind", "rw"),
        });
        var linux = spec["linux"]!.AsObject();
        linux["cgroupsPath"] = $"/{_node.Name}/{Id}";
        linux["resources"]!["memory"] = new JsonObject { ["limit"] = Container.MemoryKilobytes * 1024L };
        if (HasUserNamespace)
        {
            linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
            foreach (var mappings in (string[])["uidMappings", "gidMappings"])
                linux[mappings] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 200000, ["size"] = 65536 });
        }

        return spec.ToJsonString();
    }
}
