namespace LxcfsFunctions.Lxcfs;

/// <summary>Why mutate leaves a pod alone; the first that holds, in this order.</summary>
internal enum SkipReason
{
    /// <summary>A namespace of Kubernetes itself, or one that the setting <c>Lxcfs__ExcludedNamespaces</c> names.</summary>
    SystemNamespace,

    /// <summary>More containers, node selector terms or text in an annotation than <see cref="PodSize"/> allows.</summary>
    TooLarge,

    /// <summary>The pod says so, by label or annotation.</summary>
    OptedOut,

    /// <summary>An annotation can't be understood; validate explains it to the user.</summary>
    InvalidAnnotation,

    /// <summary>There is no /proc.</summary>
    Windows,

    /// <summary>A static pod's image in the API: the kubelet runs what its file says, whatever is stored here.</summary>
    MirrorPod,

    /// <summary>It runs on no node with LXCFS.</summary>
    VirtualNode,

    /// <summary>Its runtime has a /proc of its own.</summary>
    SandboxedRuntime,

    /// <summary>Its namespace forbids hostPath, and the setting <c>Lxcfs__Delivery</c> knows no other way.</summary>
    NoHostPath,

    /// <summary>hostUsers: false, and hostPath is the setting's only way. The kubelet has every hostPath id-mapped, which FUSE refuses: the pod would never start.</summary>
    UserNamespace,

    /// <summary>procMount: Unmasked of every container that could be changed: each wants a /proc without mounts.</summary>
    UnmaskedProc,

    /// <summary>Nothing is missing, or nothing can be changed by this request.</summary>
    NothingToDo,
}
