using System.Diagnostics;

namespace LxcfsFunctions.ApiServer;

/// <summary>Where the scripts that build something keep what they made.</summary>
public static class Binaries
{
    /// <returns>The folder or file, or null where nothing has been built for this version of the script.</returns>
    public static string? Find(string repositoryRoot, string buildScript = "tests/apiserver/build.sh")
    {
        using var script = Process.Start(new ProcessStartInfo("bash", [buildScript, "--cached"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = repositoryRoot,
        })!;
        var made = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        return script.ExitCode == 0 ? made : null;
    }
}
