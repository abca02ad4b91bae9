using System.Diagnostics;
using System.Globalization;

namespace LxcfsAgent.Tests;

/// <summary>
/// The program itself as <c>lxcfs-agent init</c>, on this machine but in namespaces of its own, so that its agent finds no
/// container of this machine's. It needs root.
/// </summary>
internal sealed class InitProcess : IDisposable
{
    private readonly Process _shell;
    private readonly List<string> _said = [];

    private InitProcess(Process shell) => _shell = shell;

    /// <summary>Its process id on this machine.</summary>
    public int Pid { get; private set; }

    /// <summary>What init and the agent wrote.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    /// <summary>The agent's process id; null while there is none.</summary>
    public int? Agent => ChildrenOf(Pid).Where(pid => Arguments(pid).EndsWith("\0run\0", StringComparison.Ordinal)).Cast<int?>().FirstOrDefault();

    /// <param name="folder">Of this test alone; ROOT lies in it.</param>
    /// <param name="settings">Beside that one.</param>
    public static InitProcess Start(string folder, params (string Name, string Value)[] settings)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "namespaces are root's");
        var program = Path.Combine(AppContext.BaseDirectory, "lxcfs-agent");
        var start = new ProcessStartInfo("unshare")
        {
            // The shell is the first process of the namespace: init is to be the parent of orphans because it asked for it.
            ArgumentList =
            {
                "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc",
                "sh", "-c", $"mount -t tmpfs tmpfs /run && {program} init; exit $?",
            },
            Environment = { ["LXCFS_AGENT_ROOT"] = folder + "/state/lxcfs" },
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in settings)
            start.Environment["LXCFS_AGENT_" + name] = value;
        var init = new InitProcess(new() { StartInfo = start });
        init._shell.OutputDataReceived += (_, line) =>
        {
            lock (init._said)
                init._said.Add(line.Data ?? "");
        };
        init._shell.Start();
        init._shell.BeginOutputReadLine();
        return init;
    }

    public static IEnumerable<int> ChildrenOf(int pid) => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
        .Where(number => number != 0 && ParentOf(number) == pid);

    /// <summary>Null when there is no such process.</summary>
    public static int? ParentOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    public Task StartsAsync() => UntilAsync(() =>
        // The shell's first child is mount.
        (Pid = ChildrenOf(_shell.Id).SelectMany(ChildrenOf).FirstOrDefault(pid => Arguments(pid).EndsWith("\0init\0", StringComparison.Ordinal))) != 0);

    /// <returns>The agent's process id, once it answers that it lives.</returns>
    public async Task<int> LiveAgentAsync(int? otherThan = null)
    {
        await StartsAsync();
        while (true)
        {
            if (Agent is { } agent && agent != otherThan && await HealthAsync("live") == 0)
                return agent;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>As a kubelet's probe asks: the same program in the same container.</summary>
    public async Task<int> HealthAsync(string question)
    {
        using var probe = Process.Start(new ProcessStartInfo("nsenter")
        {
            ArgumentList = { "--target", $"{Pid}", "--mount", "--pid", Path.Combine(AppContext.BaseDirectory, "lxcfs-agent"), "health", question },
            RedirectStandardOutput = true,
        })!;
        await probe.WaitForExitAsync(TestContext.Current.CancellationToken);
        return probe.ExitCode;
    }

    /// <returns>Init's exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _shell.ExitCode;
    }

    /// <summary>Ends the namespace, and with it whatever is in it.</summary>
    public void Dispose()
    {
        if (!_shell.HasExited)
            _shell.Kill();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private static string Arguments(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
