namespace LxcfsAgent.Nri;

/// <summary>A call of the runtime that waits for the plugin. It is answered once, by whoever claims it first.</summary>
internal sealed class WaitingCall(uint stream, string name, long since)
{
    private int _claims;

    public uint Stream => stream;

    public string Name => name;

    /// <summary>A timestamp.</summary>
    public long Since => since;

    public bool IsAnswered => Volatile.Read(ref _claims) > 0;

    public bool TryClaim() => Interlocked.Increment(ref _claims) == 1;
}
