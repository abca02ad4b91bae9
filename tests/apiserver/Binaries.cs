using System.Diagnostics;

namespace LxcfsFunctions.ApiServer;

/// <summary>Where tests/apiserver/build.sh keeps what it made.</summary>
public static class Binaries
{
    /// <returns>The folder, or null where nothing has been built for this version of the script.</returns>
    public static string? Find(string repositoryRoot)
    {
        using var script = Process.Start(new ProcessStartInfo("bash", ["tests/apiserver/build.sh", "--cached"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = repositoryRoot,
        })!;
        var folder = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        return script.ExitCode == 0 ? folder : null;
    }
}
