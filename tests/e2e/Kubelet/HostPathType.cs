using k8s.Models;

namespace LxcfsFunctions.EndToEnd.Kubelet;

/// <summary>What a kubelet asks of a hostPath before it starts a pod (pkg/volume/hostpath).</summary>
internal static class HostPathType
{
    /// <param name="source">As the pod has it.</param>
    /// <param name="path">The same, as the tests can open it.</param>
    /// <exception cref="MountFailedException">It is not what the type says.</exception>
    public static void Check(V1HostPathVolumeSource source, string path)
    {
        switch (source.Type)
        {
            case null or "":
                break;
            case "DirectoryOrCreate":
                Directory.CreateDirectory(path);
                break;
            case "File" when !File.Exists(path):
                throw new MountFailedException($"hostPath type check failed: {source.Path} is not a file");
            case "Directory" when !Directory.Exists(path):
                throw new MountFailedException($"hostPath type check failed: {source.Path} is not a directory");
            case "File" or "Directory":
                break;
            default:
                throw new NotSupportedException($"no test has needed a hostPath of type {source.Type} yet");
        }
    }
}

/// <summary>The event FailedMount: a kubelet tries again, and so does who waits for it here.</summary>
internal sealed class MountFailedException(string message) : Exception(message);
