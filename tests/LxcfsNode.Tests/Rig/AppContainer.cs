namespace LxcfsNode.Tests.Rig;

/// <summary>What kinds of app containers a node has.</summary>
public enum AppKind
{
    Busybox,

    /// <summary>Nothing in the image but one static binary.</summary>
    Distroless,
    ReadOnlyRoot,

    /// <summary>Its mount namespace is not the node's own affair: it sees the files, and the agent never enters it.</summary>
    UserNamespace,
}

/// <summary>An app that mounts the files as the webhook patches its pod, and reads them all the time.</summary>
internal sealed class AppContainer(Node node, string id) : Container(node, id)
{
    /// <summary>Microseconds between two rounds of reading where an app is alone; in a guest a round takes some twenty times as long.</summary>
    private static readonly int Pause = Node.IsGuest ? 60_000 : 1_500;

    public ReaderReport Report { get; } = node.Report(id);

    /// <param name="among">How many read at the same time: thirty without a longer pause would leave nobody a processor.</param>
    public static async Task<AppContainer> StartAsync(Node node, AppKind kind, string id, int among = 4, params string[] options)
    {
        var app = new AppContainer(node, id);
        await app.StartAsync(
            kind is AppKind.Busybox ? "busybox" : "distroless",
            [
                .. OptionsOf(kind), .. options, .. Files(node, kind),
                "--mount", $"type=bind,src={node.Folder}/reports/{id},dst=/report,options=rbind:rw",
            ],
            ["/lxcfs-reader", "/report", $"{MemoryKilobytes}", $"{Cpus}", $"{Pause * among}"]);
        return app;
    }

    /// <summary>Runs a program of its image in its mount namespace alone, as the scripts of other projects do.</summary>
    public Task ExecInMountsAsync(string program, params string[] arguments) =>
        Node.RunAsync(["nsenter", "--target", $"{PidInNode}", "--mount", "--", $"/bin/{program}", .. arguments]);

    /// <summary>
    /// Opens files and reads each a while later, as programs do that wait for a processor, until it is enough; fails where one
    /// can't be read, or is empty. Only a busybox can.
    /// </summary>
    public Task ReadSlowlyAsync() => ExecAsync("sh", "-c", """
        read_slowly() {
          until [ -e /tmp/enough ]; do
            exec 3<"$1" && usleep 90000 && [ "$(cat <&3)" ] || exit 1
            exec 3<&-
            usleep 10000
          done
        }
        readers=
        for file in cpuinfo meminfo stat swaps uptime loadavg; do
          read_slowly "/proc/$file" &
          readers="$readers $!"
        done
        for reader in $readers; do wait "$reader" || exit 1; done
        """);

    /// <summary>Lets what <see cref="ReadSlowlyAsync"/> began end.</summary>
    public void HasReadEnough() => File.WriteAllText($"/proc/{Pid}/root/tmp/enough", "");

    /// <summary>
    /// As a container runtime mounts a read-only hostPath volume. In a user namespace the flags of the source can't be dropped;
    /// runc has kept them by itself since 1.2.
    /// </summary>
    public static IEnumerable<string> Files(Node node, AppKind kind = AppKind.Busybox)
    {
        var options = kind is AppKind.UserNamespace ? "rbind:rprivate:ro:nosuid:nodev" : "rbind:rprivate:ro";
        return ServedFiles.From(node.Root, options);
    }

    private static string[] OptionsOf(AppKind kind) => kind switch
    {
        AppKind.ReadOnlyRoot => ["--read-only"],
        AppKind.UserNamespace => ["--uidmap", "0:200000:65536", "--gidmap", "0:200000:65536"],
        _ => [],
    };
}
