using System.Diagnostics;

namespace LxcfsFunctions.Tests.Published;

/// <summary>The package, unzipped as a deployment would find it.</summary>
public sealed class Package : IDisposable
{
    public Package()
    {
        if (!File.Exists(Repository.Package))
            return;
        // The tool that keeps the bits, as the one at the other end does.
        using var unzip = Process.Start("unzip", ["-q", Repository.Package, "-d", Folder]);
        unzip.WaitForExit();
        Assert.Equal(0, unzip.ExitCode);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("lxcfs-package-").FullName;

    public string Executable
    {
        get
        {
            Assert.SkipUnless(File.Exists(Repository.Package), "there is no package: dotnet publish functions -c Release makes it, and needs clang and zlib1g-dev");
            return Path.Combine(Folder, "lxcfs-functions");
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
