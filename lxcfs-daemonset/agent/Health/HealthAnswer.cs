using System.Text;

namespace LxcfsAgent.Health;

/// <summary>What the agent answers to a probe. On the socket: <c>1</c> or <c>0</c>, and the text after it.</summary>
/// <param name="Holds">Whether what was asked is so.</param>
/// <param name="Text">For whoever reads the kubelet's events: the reason, where it is not.</param>
internal sealed record HealthAnswer(bool Holds, string Text)
{
    public const string Live = "live";
    public const string Ready = "ready";

    /// <summary>Bytes of the longest question.</summary>
    public const int Longest = 16;

    public static HealthAnswer Of(string question, AgentState state) => question switch
    {
        Live => state.IsAlive ? new(true, "live") : new(false, "the agent's loop is stuck"),
        Ready => state.NotReady is { } reason ? new(false, reason) : new(true, "ready"),
        _ => new(false, "the questions are live and ready"),
    };

    public byte[] Encode() => Encoding.UTF8.GetBytes((Holds ? "1" : "0") + Text);

    /// <summary>Null for what no agent answers.</summary>
    public static HealthAnswer? Decode(ReadOnlySpan<byte> answer) =>
        answer.IsEmpty || answer[0] is not ((byte)'0' or (byte)'1') ? null : new(answer[0] == '1', Encoding.UTF8.GetString(answer[1..]));
}
