using System.Diagnostics;
using System.Globalization;

namespace LxcfsAgent.Tests.Nri;

/// <summary>A real containerd with NRI, in namespaces of its own; everything of it is gone when disposed.</summary>
internal sealed class RealContainerd : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
    private readonly Process _process;

    private RealContainerd(string root)
    {
        PauseImage.Write(_folder + "/pause.tar");
        var script = Path.Combine(DocumentationTests.Repository, "tests/LxcfsAgent.Tests/Nri/containerd.sh");
        var start = new ProcessStartInfo("unshare", ["--mount", "--pid", "--fork", "--kill-child", "bash", script, root, _folder]) { RedirectStandardError = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Say(line.Data);
        _process.OutputDataReceived += (_, line) => Say(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public List<string> Log { get; } = [];

    public string NriSocket => _folder + "/run/nri/nri.sock";

    public string CriSocket => _folder + "/run/containerd/containerd.sock";

    /// <summary>Below which its pods' groups are.</summary>
    public string Cgroup => "/" + Path.GetFileName(_folder);

    /// <summary>Skips the test where it can't be run.</summary>
    public static RealContainerd Start()
    {
        var cache = (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } folder ? folder : Environment.GetEnvironmentVariable("HOME") + "/.cache") + "/lxcfs-functions";
        var root = Directory.Exists(cache) ? Directory.EnumerateDirectories(cache, "cluster-root-*").FirstOrDefault(path => File.Exists(path + "/usr/bin/containerd")) : null;
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && root is not null && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64,
            "a real containerd needs root, amd64, and a node's root file system: tests/cluster/root.sh");
        var containerd = new RealContainerd(root!);
        if (SpinWait.SpinUntil(() => File.Exists(containerd._folder + "/run/ready") || containerd._process.HasExited, TimeSpan.FromMinutes(2)) && !containerd._process.HasExited)
            return containerd;
        containerd.Dispose();
        throw new InvalidOperationException("containerd does not start: " + string.Join('\n', containerd.Log));
    }

    /// <summary>It comes back by itself.</summary>
    public void Kill() => File.WriteAllText(_folder + "/run/kill", "");

    /// <summary>What a process of a container sees.</summary>
    /// <param name="pid">In the node's pid namespace.</param>
    public string Read(int pid, string path)
    {
        var first = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Trim();
        return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{first}/root/proc/{pid}/root{path}"));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
        foreach (var group in Directory.EnumerateDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(hierarchy => hierarchy + Cgroup).Where(Directory.Exists))
        {
            foreach (var below in Directory.EnumerateDirectories(group, "*", SearchOption.AllDirectories).OrderByDescending(path => path.Length).Append(group))
                SpinWait.SpinUntil(() => TryRemove(below), TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>The files of a group are not removed, but go with it; its processes are still ending.</summary>
    private static bool TryRemove(string group)
    {
        using var remove = Process.Start("rmdir", ["--ignore-fail-on-non-empty", group]);
        remove.WaitForExit();
        return !Directory.Exists(group);
    }

    private void Say(string? line)
    {
        lock (Log)
            Log.Add(line ?? "");
    }
}
