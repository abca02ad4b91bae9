namespace LxcfsNode.Tests.Rig;

/// <summary>A runtime that gives a container the limits of open files which systemd gives a service, and Kubernetes' containers so have.</summary>
internal static class OpenFiles
{
    private const int Soft = 1024;

    /// <summary>As much as this machine may give; systemd gives 524288.</summary>
    private static string Hard => File.ReadLines("/proc/self/limits")
        .Single(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];

    /// <summary>Options for ctr run, which has none for this limit.</summary>
    public static async Task<string[]> AsOfSystemdAsync(Node node)
    {
        var runtime = Path.Combine(node.Folder, "runc");
        await File.WriteAllTextAsync(runtime, $$"""
            #!/bin/sh
            for word; do
              [ "$last" != --bundle ] || sed -i -E 's/("RLIMIT_NOFILE","hard":)[0-9]+,"soft":[0-9]+/\1{{Hard}},"soft":{{Soft}}/' "$word/config.json"
              last=$word
            done
            exec runc "$@"
            """);
        File.SetUnixFileMode(runtime, (UnixFileMode)0b111_101_101);
        return ["--runc-binary", runtime];
    }
}
