using LxcfsAgent.Nri;

namespace LxcfsAgent.Tests.Nri;

/// <summary>Nobody is waited for without end: neither the plugin nor the runtime.</summary>
public sealed class NriPatienceTests : IDisposable
{
    private static readonly byte[] One = RuntimeMessages.Of(Samples.Pod, Samples.Container);

    private readonly PlayedWire _wire = new();
    private readonly ManualResetEventSlim _goOn = new();

    public void Dispose()
    {
        _goOn.Set();
        _wire.Dispose();
        _goOn.Dispose();
    }

    [Fact]
    public void A_call_that_takes_too_long_is_answered_with_nothing_to_do_once()
    {
        var stream = Hang();
        _wire.Clock.Advance(NriLimits.Answer - TimeSpan.FromMilliseconds(1));
        _wire.Conversation.Expire();
        Assert.Null(_wire.FindAnswer(stream));
        Assert.Equal(TimeSpan.FromMilliseconds(1), _wire.Conversation.NextDue);

        _wire.Clock.Advance(TimeSpan.FromMilliseconds(1));
        _wire.Conversation.Expire();
        Assert.Equal("0a001200", Convert.ToHexString(_wire.AnswerTo(stream).Encode()).ToLowerInvariant());

        _goOn.Set();
        Assert.NotEmpty(_wire.Ask("CreateContainer", One).Payload);
        Assert.Empty(_wire.AnswerTo(stream).Payload);
    }

    [Fact]
    public void Calls_behind_one_that_hangs_are_answered_at_once_and_starts_are_told_later()
    {
        Hang();
        _wire.Clock.Advance(NriLimits.Answer + TimeSpan.FromMilliseconds(1));
        var create = _wire.Call("CreateContainer", One);
        var start = _wire.Call("StartContainer", One);
        Assert.Empty(_wire.FindAnswer(create)!.Payload);
        Assert.Equal(0, _wire.FindAnswer(start)!.Code);

        _goOn.Set();
        Assert.StartsWith("start ", _wire.Plugin.Next(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_hangs_holds_up_nothing_that_needs_no_answer_of_the_plugin()
    {
        Hang();

        Assert.Equal(TtrpcResponse.Unimplemented, _wire.FindAnswer(_wire.Call("RunPodSandbox", []))!.Code);
        Assert.NotNull(_wire.FindAnswer(_wire.Call("Configure", RuntimeMessages.Configure())));
        Assert.NotNull(_wire.FindAnswer(_wire.Call("Synchronize", RuntimeMessages.Synchronize([], []))));
        Assert.Equal("synchronize  ", _wire.Plugin.Next());
        Assert.NotNull(_wire.FindAnswer(_wire.Call("StopContainer", One)));
        Assert.StartsWith("stop ", _wire.Plugin.Next(), StringComparison.Ordinal);
        Assert.NotNull(_wire.FindAnswer(_wire.Call("Shutdown", [])));
    }

    [Fact]
    public void News_that_hang_hold_up_no_call_and_pile_up_to_a_bound()
    {
        _wire.Plugin.OnNews = _goOn.Wait;
        for (var count = 0; count < NriLimits.News + 2; count++)
            Assert.NotNull(_wire.FindAnswer(_wire.Call("StopContainer", One)));

        Assert.Contains("StopContainer was not passed on: the plugin is stuck", _wire.Log.Lines);
        Assert.Equal(0, _wire.Ask("CreateContainer", One).Code);
    }

    [Fact]
    public void Of_what_the_runtime_had_only_the_latest_is_looked_at()
    {
        _wire.Plugin.OnNews = _goOn.Wait;
        _wire.Call("StopContainer", One);
        Assert.StartsWith("stop ", _wire.Plugin.Next(), StringComparison.Ordinal);
        foreach (var id in (string[])["p1", "p2", "p3"])
            _wire.Call("Synchronize", RuntimeMessages.Synchronize([Samples.Pod with { Id = id }], []));

        _goOn.Set();
        Assert.Equal("synchronize p3 ", _wire.Plugin.Next());
        _wire.Call("StopContainer", One);
        Assert.StartsWith("stop ", _wire.Plugin.Next(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_has_to_end_in_time()
    {
        Register();
        Assert.Null(_wire.Conversation.NextDue);
        var message = RuntimeMessages.Call("Shutdown", [], 99);
        _wire.Conversation.Receive(message.AsSpan(0, 5));
        _wire.Clock.Advance(TimeSpan.FromSeconds(4));
        _wire.Conversation.Receive(message.AsSpan(5, 1));
        _wire.Conversation.Expire();
        Assert.Equal(TimeSpan.FromSeconds(1), _wire.Conversation.NextDue);

        _wire.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Throws<TimeoutException>(_wire.Conversation.Expire);
    }

    [Fact]
    public void A_runtime_that_does_not_go_on_to_register_the_plugin_is_left()
    {
        _wire.Conversation.Register();
        _wire.Conversation.Receive(RuntimeMessages.Accept());
        _wire.Clock.Advance(NriLimits.Registration - TimeSpan.FromSeconds(1));
        _wire.Conversation.Expire();
        Assert.Equal(TimeSpan.FromSeconds(1), _wire.Conversation.NextDue);

        _wire.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Throws<TimeoutException>(_wire.Conversation.Expire);
    }

    [Fact]
    public void The_pause_before_the_next_connection_grows_until_one_was_of_use()
    {
        var pause = new ReconnectPause();
        double[] grown = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5];

        Assert.Equal(grown, grown.Select(_ => pause.After(TimeSpan.FromSeconds(9)).TotalSeconds));
        Assert.Equal(0.1, pause.After(TimeSpan.FromSeconds(10)).TotalSeconds);
        Assert.Equal(0.2, pause.After(TimeSpan.Zero).TotalSeconds);
    }

    private void Register() => _wire.Call("Synchronize", RuntimeMessages.Synchronize([], []));

    /// <summary>Makes a call that the plugin does not come back from until it may go on.</summary>
    private uint Hang()
    {
        _wire.Clock.Advance(TimeSpan.FromSeconds(1));
        _wire.Plugin.OnCreate = () =>
        {
            _goOn.Wait();
            return Samples.Adjustment;
        };
        var stream = _wire.Call("CreateContainer", One);
        Assert.StartsWith("create ", _wire.Plugin.Next(), StringComparison.Ordinal);
        return stream;
    }
}
