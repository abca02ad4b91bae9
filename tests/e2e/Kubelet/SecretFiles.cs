using System.Runtime.InteropServices;
using k8s.Models;

namespace LxcfsFunctions.EndToEnd.Kubelet;

/// <summary>A secret as files, with the mode and the group that the pod asks for.</summary>
internal static partial class SecretFiles
{
    private const int DefaultMode = 0b110_100_100;

    public static void Write(string folder, V1Secret secret, int? mode, long? group)
    {
        foreach (var (name, data) in secret.Data)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllBytes(path, data);
            File.SetUnixFileMode(path, (UnixFileMode)(mode ?? DefaultMode));
            if (group is { } id && chown(path, 0, (uint)id) != 0)
                throw new IOException($"chown {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint user, uint group);
}
