using LxcfsAgent.Nri;
using Microsoft.Extensions.Logging;

namespace LxcfsAgent.Tests.Nri;

/// <summary>A conversation without a socket, with a clock that stands still.</summary>
internal sealed class PlayedWire : IDisposable
{
    private readonly Multiplexer _said = new();
    private readonly Lock _saying = new();
    private uint _stream;

    public PlayedWire(ILogger? logger = null)
    {
        Calls = new(Plugin, logger ?? Log, Clock);
        Conversation = new(Calls, Hear, logger ?? Log, Clock);
    }

    public PlayedPlugin Plugin { get; } = new();

    public StoppedClock Clock { get; } = new();

    public RecordingLogger Log { get; } = new();

    public PluginCalls Calls { get; }

    public NriConversation Conversation { get; }

    /// <summary>Calls, and gives the number by which the answer is found.</summary>
    public uint Call(string method, byte[] payload, string service = "nri.pkg.api.v1alpha1.Plugin")
    {
        _stream += 2;
        Conversation.Receive(RuntimeMessages.Call(method, payload, _stream, service));
        return _stream;
    }

    public TtrpcResponse Ask(string method, byte[] payload) => AnswerTo(Call(method, payload));

    /// <summary>Waits for what comes on the plugin's thread.</summary>
    public TtrpcResponse AnswerTo(uint stream)
    {
        TtrpcResponse? answer = null;
        Assert.True(SpinWait.SpinUntil(() => (answer = FindAnswer(stream)) is not null, TimeSpan.FromSeconds(60)), "there is no answer");
        return answer!;
    }

    public TtrpcResponse? FindAnswer(uint stream)
    {
        lock (_saying)
            return _said.Requests.Messages.FirstOrDefault(message => message.Stream == stream) is { } message ? TtrpcResponse.Parse(message.Payload) : null;
    }

    public List<TtrpcMessage> Answers()
    {
        lock (_saying)
            return [.. _said.Requests.Messages];
    }

    public List<TtrpcMessage> Asked()
    {
        lock (_saying)
            return [.. _said.Responses.Messages];
    }

    public void Dispose() => Calls.Dispose();

    private void Hear(byte[] bytes)
    {
        lock (_saying)
            _said.Receive(bytes);
    }
}
