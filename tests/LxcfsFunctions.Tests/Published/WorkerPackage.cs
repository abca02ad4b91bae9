using System.Diagnostics;

namespace LxcfsFunctions.Tests.Published;

/// <summary>The worker's package, unzipped as the platform finds it.</summary>
public sealed class WorkerPackage : IDisposable
{
    private static readonly string Zip = Path.Combine(Repository.Root, "artifacts", "lxcfs-functions-worker.zip");

    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-worker-").FullName;

    public WorkerPackage()
    {
        if (!File.Exists(Zip))
            return;
        using var unzip = Process.Start("unzip", ["-q", Zip, "-d", _folder]);
        unzip.WaitForExit();
        Assert.Equal(0, unzip.ExitCode);
    }

    public string Folder
    {
        get
        {
            Assert.SkipUnless(File.Exists(Zip), "there is no worker package: dotnet publish functions/worker -c Release makes it");
            return _folder;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
