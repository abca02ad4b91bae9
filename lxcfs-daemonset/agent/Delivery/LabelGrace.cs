namespace LxcfsAgent.Delivery;

/// <summary>
/// Keeps the node's label through a short absence. A kubelet refuses a pod for good that was sent to it for a label which is gone when the
/// pod arrives; one that is created without the files gets them late.
/// </summary>
internal sealed class LabelGrace(TimeProvider time)
{
    /// <summary>Longer than an agent or a runtime takes to start again and to find the other.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private long _lastHeld = time.GetTimestamp();

    /// <param name="holds">Whether the node is to have the label; null where that is another agent's to say.</param>
    /// <returns>The same, or null for as long as the label is to stay as it is.</returns>
    public bool? Of(bool? holds)
    {
        if (holds == true)
            _lastHeld = time.GetTimestamp();
        return holds == false && time.GetElapsedTime(_lastHeld) < Length ? null : holds;
    }
}
