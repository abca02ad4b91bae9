namespace LxcfsAgent.Nri;

/// <summary>The names and numbers of NRI's interface that are used here (containerd/nri, pkg/api/api.proto, package nri.pkg.api.v1alpha1).</summary>
internal static class NriApi
{
    public const string RuntimeService = "nri.pkg.api.v1alpha1.Runtime";
    public const string RegisterPlugin = "RegisterPlugin";

    public static ReadOnlySpan<byte> PluginService => "nri.pkg.api.v1alpha1.Plugin"u8;

    // A class for each message, with the numbers of its fields.
    internal static class RegisterRequest
    {
        public const int Name = 1, Index = 2;
    }

    internal static class ConfigureRequest
    {
        public const int RuntimeName = 2, RuntimeVersion = 3;
    }

    internal static class ConfigureResponse
    {
        public const int Events = 2;
    }

    internal static class SynchronizeRequest
    {
        public const int Pods = 1, Containers = 2, More = 3;
    }

    internal static class SynchronizeResponse
    {
        public const int More = 2;
    }

    /// <summary>CreateContainer, StartContainer and StopContainer alike.</summary>
    internal static class ContainerRequest
    {
        public const int Pod = 1, Container = 2;
    }

    internal static class CreateContainerResponse
    {
        public const int Adjust = 1;
    }

    internal static class StateChangeEvent
    {
        public const int Event = 1, Pod = 2, Container = 3;
    }

    internal static class ContainerAdjustment
    {
        public const int Mounts = 3;
    }

    internal static class Pod
    {
        public const int Id = 1, Name = 2, Uid = 3, Namespace = 4, Annotations = 6, RuntimeHandler = 7;
    }

    internal static class Container
    {
        public const int Id = 1, PodSandboxId = 2, Name = 3, State = 4, Mounts = 9, Linux = 11, Pid = 12;
    }

    internal static class LinuxContainer
    {
        public const int Namespaces = 1;
    }

    internal static class Mount
    {
        public const int Destination = 1, Type = 2, Source = 3, Options = 4;
    }

    internal static class Namespace
    {
        public const int Type = 1, Path = 2;
    }

    internal static class MapEntry
    {
        public const int Key = 1, Value = 2;
    }

    /// <summary>A bit of the mask is an event's number less one.</summary>
    internal static class Event
    {
        public const int CreateContainer = 4, StartContainer = 6, StopContainer = 10;

        /// <summary>What is asked for. No mask would mean every event, and a bit that a runtime does not know is refused.</summary>
        public const int Mask = 1 << (CreateContainer - 1) | 1 << (StartContainer - 1) | 1 << (StopContainer - 1);
    }
}
