using System.Text;

namespace LxcfsAgent.Nri;

/// <summary>
/// What is said over one connection: registers the plugin and answers the runtime. Knows no socket: bytes come by <see cref="Receive"/>,
/// and go by what it was given to send with, also on the plugin's thread.
/// </summary>
internal sealed class NriConversation(PluginCalls calls, Action<byte[]> send, ILogger logger, TimeProvider time)
{
    /// <summary>The runtime calls its plugins in the order of their indices; it needs two digits.</summary>
    public const string Name = "lxcfs", Index = "50";

    private const uint RegisterStream = 1;

    private readonly Multiplexer _multiplexer = new();
    private readonly NriDeadlines _deadlines = new(time);
    private Synchronization _synchronization = new();
    private string _runtime = "";
    private bool _isRegistered;

    /// <summary>Whether the runtime has told what it has, and calls the plugin from then on.</summary>
    public bool IsRegistered => Volatile.Read(ref _isRegistered);

    /// <summary>How long until <see cref="Expire"/> has something to do; null where nothing is waited for.</summary>
    public TimeSpan? NextDue => _deadlines.NextDue(IsRegistered);

    public void Register() =>
        Send(Multiplexer.Runtime, new(RegisterStream, TtrpcMessage.Request, TtrpcRequest.Encode(NriApi.RuntimeService, NriApi.RegisterPlugin, NriReplies.Register(Name, Index))));

    /// <exception cref="InvalidDataException">The runtime does not speak the protocol, or refuses the plugin.</exception>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        _multiplexer.Receive(bytes);
        var isAnyWhole = false;
        for (; _multiplexer.Responses.Messages.TryDequeue(out var response); isAnyWhole = true)
            Check(response);
        for (; _multiplexer.Requests.Messages.TryDequeue(out var request); isAnyWhole = true)
            Serve(request);
        _deadlines.Received(isAnyWhole, _multiplexer.IsPartial);
    }

    /// <summary>Answers what has waited for too long.</summary>
    /// <exception cref="TimeoutException">The runtime has stopped within a message, or does not go on to register the plugin.</exception>
    public void Expire()
    {
        foreach (var call in _deadlines.LateCalls())
            GiveUp(call);
        _deadlines.Check(IsRegistered);
    }

    private static void Check(TtrpcMessage message)
    {
        if (message.Stream == RegisterStream && message.Type == TtrpcMessage.Response && TtrpcResponse.Parse(message.Payload) is { Code: not 0 } refusal)
            throw new InvalidDataException($"the runtime refuses the plugin: {refusal.Message}");
    }

    private void Serve(TtrpcMessage message)
    {
        if (message.Type != TtrpcMessage.Request)
            return;
        if (message.IsTooLong)
        {
            Answer(message.Stream, TtrpcResponse.Failed(TtrpcResponse.ResourceExhausted, "the message is too long"));
            return;
        }

        var request = TtrpcRequest.Parse(message.Payload);
        // A longer name is none of these.
        var method = request.Service.SequenceEqual(NriApi.PluginService) && request.Method.Length < 100 ? Encoding.UTF8.GetString(request.Method) : "";
        switch (method)
        {
            case "Configure":
                _runtime = NriRuntime.Read(request.Payload);
                Answer(message.Stream, TtrpcResponse.Ok(NriReplies.Configure()));
                break;
            case "Synchronize":
                Synchronize(message.Stream, request.Payload);
                break;
            case "CreateContainer":
                Ask(message.Stream, method, Read(method, request.Payload), (pod, container, call) => calls.TryCreate(pod, container, () => !call.IsAnswered, answer => Answer(call, answer)));
                break;
            case "StartContainer":
                Start(message.Stream, Read(method, request.Payload));
                break;
            case "StateChange" when Read(method, request.Payload) is { Event: NriApi.Event.StartContainer } told:
                Start(message.Stream, told);
                break;
            case "StopContainer":
                Answer(message.Stream, TtrpcResponse.Ok([]));
                if (Read(method, request.Payload) is { Pod: { } pod, Container: { } container })
                    calls.Stop(pod, container);
                break;
            case "StateChange" or "Shutdown":
                Answer(message.Stream, TtrpcResponse.Ok([]));
                break;
            default:
                // By this code a runtime learns to tell it by StateChange.
                Answer(message.Stream, TtrpcResponse.Failed(TtrpcResponse.Unimplemented, "the plugin has no such method"));
                break;
        }
    }

    private void Synchronize(uint stream, ReadOnlySpan<byte> piece)
    {
        var more = _synchronization.Add(piece);
        Answer(stream, TtrpcResponse.Ok(NriReplies.Synchronize(more)));
        if (more)
            return;
        var whole = _synchronization;
        _synchronization = new();
        Log.NriRegistered(logger, _runtime, whole.Pods.Count, whole.Containers.Count);
        if (whole.LeftOut > 0)
            Log.NriLeftOut(logger, whole.LeftOut);
        calls.Synchronize(whole);
        Volatile.Write(ref _isRegistered, true);
    }

    private void Start(uint stream, ContainerEvent? told) =>
        Ask(stream, "StartContainer", told, (pod, container, call) => calls.TryStart(pod, container, answer => Answer(call, answer)));

    private void Ask(uint stream, string name, ContainerEvent? told, Func<NriPod, NriContainer, WaitingCall, bool> ask)
    {
        if (told is not { Pod: { } pod, Container: { } container })
        {
            Answer(stream, TtrpcResponse.Ok([]));
            return;
        }

        var call = _deadlines.Add(stream, name);
        if (calls.IsStuck)
            GiveUp(call);
        if (!ask(pod, container, call))
        {
            GiveUp(call);
            Log.NriDropped(logger, name);
        }
    }

    /// <returns>Null for what can't be read; that is no error for the container, which may be anybody's.</returns>
    private ContainerEvent? Read(string method, ReadOnlySpan<byte> payload)
    {
        try
        {
            var told = method == "StateChange" ? ContainerEvent.ReadStateChange(payload) : ContainerEvent.ReadCall(payload);
            // News of a pod has no container.
            if ((told.Pod is null || told.Container is null) && told.Event is 0 or NriApi.Event.StartContainer)
                Log.NriTooLarge(logger, method);
            return told;
        }
        catch (InvalidDataException exception)
        {
            Log.NriCallFailed(logger, method, exception);
            return null;
        }
    }

    private void GiveUp(WaitingCall call)
    {
        if (!call.TryClaim())
            return;
        Log.NriCallLate(logger, call.Name);
        Answer(call.Stream, TtrpcResponse.Ok([]));
    }

    private void Answer(WaitingCall call, TtrpcResponse response)
    {
        if (call.TryClaim())
            Answer(call.Stream, response);
    }

    private void Answer(uint stream, TtrpcResponse response) => Send(Multiplexer.Plugin, new(stream, TtrpcMessage.Response, response.Encode()));

    private void Send(uint connection, TtrpcMessage message) => send(Multiplexer.Frame(connection, message));
}
