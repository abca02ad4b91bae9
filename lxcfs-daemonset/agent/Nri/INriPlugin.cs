namespace LxcfsAgent.Nri;

/// <summary>
/// What the agent has to say to the runtime. One thread calls <see cref="CreateContainer"/> and <see cref="StartContainer"/>, another
/// one <see cref="StopContainer"/> and <see cref="Synchronize"/>, each a call at a time; so a pod's end may be told while a start is at work.
/// What is thrown is logged, and nothing is done for the container.
/// </summary>
internal interface INriPlugin
{
    /// <summary>Called before a container is made. The runtime makes no other one meanwhile: at most 600 ms.</summary>
    NriAdjustment CreateContainer(NriPod pod, NriContainer container);

    /// <summary>Called when a container's process is there, and has run no instruction of its image: at most 600 ms.</summary>
    /// <returns>Null, or an error that the kubelet shows.</returns>
    string? StartContainer(NriPod pod, NriContainer container);

    /// <summary>Called after a container was told to stop, or ended, or could not be made. Nobody waits for it.</summary>
    void StopContainer(NriPod pod, NriContainer container);

    /// <summary>Called with what the runtime has at the time of each registration. Nobody waits for it.</summary>
    void Synchronize(IReadOnlyList<NriPod> pods, IReadOnlyList<NriContainer> containers);
}
