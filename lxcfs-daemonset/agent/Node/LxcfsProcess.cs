using System.Diagnostics;

namespace LxcfsAgent.Node;

/// <summary>One process of LXCFS with its mount.</summary>
internal sealed class LxcfsProcess : IDisposable
{
    private readonly Process _process;

    private LxcfsProcess(Process process, string mountPoint)
    {
        _process = process;
        MountPoint = mountPoint;
        _process.Exited += (_, _) => Exited.Set();
        _process.EnableRaisingEvents = true;
    }

    public int Id => _process.Id;

    public string MountPoint { get; }

    /// <summary>Set as soon as the process has ended.</summary>
    public ManualResetEventSlim Exited { get; } = new();

    /// <summary>Starts LXCFS in the foreground: CPU quotas shown as CPUs, and load averages per container.</summary>
    /// <param name="program">The executable; the folder that it is in holds its libraries.</param>
    /// <param name="mountPoint">A new folder, of this process alone.</param>
    public static LxcfsProcess Start(string program, string mountPoint, Action<string> said)
    {
        Directory.CreateDirectory(mountPoint);
        var start = new ProcessStartInfo(program)
        {
            // Each process locks its own; where it dies, a successor finds its number there.
            ArgumentList = { "-f", "-p", StateFolder.PidFile(mountPoint), "-l", "--enable-cfs", mountPoint },
            Environment = { ["LD_LIBRARY_PATH"] = Path.GetDirectoryName(program)! },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Say(line.Data);
        process.ErrorDataReceived += (_, line) => Say(line.Data);
        process.Start();
        var lxcfs = new LxcfsProcess(process, mountPoint);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        return lxcfs;

        void Say(string? line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                said(line);
        }
    }

    /// <summary>
    /// Ends the process at once. SIGTERM would make LXCFS take seconds and unmount by path; there is nothing that it could lose.
    /// </summary>
    public void Kill()
    {
        if (!Exited.IsSet)
            _process.Kill();
    }

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
