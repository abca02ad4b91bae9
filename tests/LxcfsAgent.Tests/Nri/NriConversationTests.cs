using System.Text;
using LxcfsAgent.Nri;

namespace LxcfsAgent.Tests.Nri;

public sealed class NriConversationTests : IDisposable
{
    private static readonly byte[] One = RuntimeMessages.Of(Samples.Pod, Samples.Container);

    private static readonly string Told = $"{Samples.Show(Samples.Pod)} {Samples.Show(Samples.Container)}";

    private readonly PlayedWire _wire = new();

    public void Dispose() => _wire.Dispose();

    [Fact]
    public void The_plugin_registers_by_its_name_and_a_two_digit_index()
    {
        _wire.Conversation.Register();

        var request = Assert.Single(_wire.Asked());
        Assert.Equal((1u, TtrpcMessage.Request), (request.Stream, request.Type));
        var call = TtrpcRequest.Parse(request.Payload);
        Assert.Equal(("nri.pkg.api.v1alpha1.Runtime", "RegisterPlugin"), (Encoding.UTF8.GetString(call.Service), Encoding.UTF8.GetString(call.Method)));
        Assert.Equal("0a056c7863667312023530", Convert.ToHexString(call.Payload).ToLowerInvariant());
    }

    [Fact]
    public void The_runtime_s_refusal_ends_the_conversation_with_its_reason()
    {
        var refusal = Multiplexer.Frame(Multiplexer.Runtime, new(1, TtrpcMessage.Response, TtrpcResponse.Failed(2, "invalid plugin index").Encode()));

        Assert.Contains("invalid plugin index", Assert.Throws<InvalidDataException>(() => _wire.Conversation.Receive(refusal)).Message, StringComparison.Ordinal);
    }

    /// <summary>Bits 3, 5 and 9: CreateContainer, StartContainer, StopContainer.</summary>
    [Fact]
    public void Only_the_events_that_are_used_are_asked_for() =>
        Assert.Equal("10a804", Convert.ToHexString(_wire.Ask("Configure", RuntimeMessages.Configure()).Payload).ToLowerInvariant());

    [Fact]
    public void The_plugin_is_registered_once_the_last_piece_has_come()
    {
        _wire.Ask("Configure", RuntimeMessages.Configure());
        var first = _wire.Ask("Synchronize", RuntimeMessages.Synchronize([Samples.Pod], [], more: true));
        Assert.False(_wire.Conversation.IsRegistered);
        var second = _wire.Ask("Synchronize", RuntimeMessages.Synchronize([Samples.Pod with { Id = "p2" }], [Samples.Container]));
        Assert.True(_wire.Conversation.IsRegistered);

        Assert.Equal(("1001", ""), (Convert.ToHexString(first.Payload), Convert.ToHexString(second.Payload)));
        Assert.Equal("synchronize p1,p2 c1", _wire.Plugin.Next());
        Assert.Contains("Registered with the runtime containerd v1.7.24, which has 2 pods and 1 containers", _wire.Log.Lines);
    }

    [Fact]
    public void A_container_is_made_with_what_the_plugin_says()
    {
        _wire.Plugin.OnCreate = () => Samples.Adjustment;
        var answer = _wire.Ask("CreateContainer", One);

        Assert.Equal("create " + Told, _wire.Plugin.Next());
        Assert.Equal(Convert.ToHexString(NriReplies.CreateContainer(Samples.Adjustment).Payload), Convert.ToHexString(answer.Payload));
    }

    [Fact]
    public void An_error_of_the_plugin_s_is_passed_on()
    {
        _wire.Plugin.OnCreate = () => NriAdjustment.None with { Error = "LXCFS is starting" };
        _wire.Plugin.OnStart = () => "no files yet";

        Assert.Equal((TtrpcResponse.Unknown, "LXCFS is starting"), Status(_wire.Ask("CreateContainer", One)));
        Assert.Equal((TtrpcResponse.Unknown, "no files yet"), Status(_wire.Ask("StartContainer", One)));
        Assert.Equal((TtrpcResponse.Unknown, "no files yet"), Status(_wire.Ask("StateChange", RuntimeMessages.StateChange(6, Samples.Pod, Samples.Container))));
    }

    [Theory]
    [InlineData("StartContainer")]
    [InlineData("StateChange")]
    public void A_start_is_told_by_a_call_of_its_own_or_as_a_change_of_state(string method)
    {
        Assert.Equal((0, ""), Status(_wire.Ask(method, method == "StateChange" ? RuntimeMessages.StateChange(6, Samples.Pod, Samples.Container) : One)));
        Assert.Equal("start " + Told, _wire.Plugin.Next());
    }

    [Fact]
    public void Other_changes_of_state_and_a_shutdown_are_taken_note_of_and_nothing_is_done()
    {
        Assert.Equal((0, ""), Status(_wire.Ask("StateChange", RuntimeMessages.StateChange(1, Samples.Pod, null))));
        Assert.Equal((0, ""), Status(_wire.Ask("StateChange", RuntimeMessages.StateChange(7, Samples.Pod, Samples.Container))));
        Assert.Equal((0, ""), Status(_wire.Ask("Shutdown", [])));
        Assert.Empty(_wire.Plugin.Calls);
    }

    [Theory]
    [InlineData("PostStartContainer", "nri.pkg.api.v1alpha1.Plugin")]
    [InlineData("ValidateContainerAdjustment", "nri.pkg.api.v1alpha1.Plugin")]
    [InlineData("", "nri.pkg.api.v1alpha1.Plugin")]
    [InlineData("CreateContainer", "nri.pkg.api.v1beta1.Plugin")]
    [InlineData("CreateContainer", "")]
    public void What_the_plugin_does_not_know_is_unimplemented(string method, string service)
    {
        Assert.Equal(TtrpcResponse.Unimplemented, _wire.AnswerTo(_wire.Call(method, One, service)).Code);
        Assert.Empty(_wire.Plugin.Calls);
    }

    [Fact]
    public void What_the_plugin_throws_is_nothing_to_do_and_is_logged()
    {
        _wire.Plugin.OnCreate = () => throw new InvalidOperationException("broken");
        _wire.Plugin.OnStart = () => throw new InvalidOperationException("broken");
        _wire.Plugin.OnNews = () => throw new InvalidOperationException("broken");

        foreach (var method in (string[])["CreateContainer", "StartContainer", "StopContainer"])
        {
            Assert.Equal((0, ""), Status(_wire.Ask(method, One)));
            Assert.True(SpinWait.SpinUntil(() => _wire.Log.Lines.Contains($"{method} failed, and nothing was done for the container"), TimeSpan.FromSeconds(60)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0a00")]
    [InlineData("0aff")]
    [InlineData("ffffffffffffffffffffffff")]
    public void What_can_not_be_read_of_a_container_is_no_error_for_it(string hex)
    {
        foreach (var method in (string[])["CreateContainer", "StartContainer", "StopContainer", "StateChange"])
            Assert.Equal((0, ""), Status(_wire.Ask(method, Convert.FromHexString(hex))));
        Assert.Empty(_wire.Plugin.Calls);
    }

    [Fact]
    public void A_call_that_is_too_long_is_answered_as_ttrpc_does()
    {
        _wire.Conversation.Receive(Multiplexer.Frame(Multiplexer.Plugin, new(9, TtrpcMessage.Request, new byte[NriLimits.Message + 1])));

        Assert.Equal(TtrpcResponse.ResourceExhausted, _wire.AnswerTo(9).Code);
    }

    private static (int Code, string Message) Status(TtrpcResponse response) => (response.Code, response.Message);
}
