namespace LxcfsAgent.Delivery;

/// <summary>
/// Keeps the node's label through a short absence. A kubelet refuses a pod for good that was sent to it for a label which is gone when the
/// pod arrives; one that is created without the files gets them late.
/// </summary>
/// <remarks>Counts looks and no time: an agent that was stopped, or got no processor, had no time to find the runtime again.</remarks>
internal sealed class LabelGrace
{
    /// <summary>One a second: longer than an agent or a runtime takes to start again and to find the other.</summary>
    public const int Looks = 10;

    private int _absences;

    /// <param name="holds">Whether the node is to have the label; null where that is another agent's to say.</param>
    /// <returns>The same, or null for as long as the label is to stay as it is.</returns>
    public bool? Of(bool? holds)
    {
        _absences = holds == false ? _absences + 1 : 0;
        return _absences is > 0 and <= Looks ? null : holds;
    }
}
