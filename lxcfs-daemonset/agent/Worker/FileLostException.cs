using System.ComponentModel;

namespace LxcfsAgent.Worker;

/// <summary>
/// A file was taken away and the new one could not be mounted: before Linux 6.5 there is no way to mount the new one first. It has to be
/// given back later.
/// </summary>
internal sealed class FileLostException(FileFacts file, Win32Exception cause) : InvalidOperationException($"{file.Target} is lost: {cause.Message}", cause)
{
    public FileFacts File => file;
}
