using System.Net.Sockets;
using LxcfsAgent.Nri;

namespace LxcfsAgent.Tests.Nri;

/// <summary>The client at a real socket, whose other side is played.</summary>
public sealed class NriClientTests : IDisposable
{
    private static readonly byte[] One = RuntimeMessages.Of(Samples.Pod, Samples.Container);

    private static readonly string Told = $"{Samples.Show(Samples.Pod)} {Samples.Show(Samples.Container)}";

    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
    private readonly PlayedPlugin _plugin = new() { OnCreate = () => Samples.Adjustment };
    private readonly RecordingLogger _log = new();
    private readonly NriClient _client;

    public NriClientTests() => _client = new(Socket, _plugin, _log, TimeProvider.System);

    /// <summary>The folder is not there at first.</summary>
    private string Socket => _folder + "/nri/nri.sock";

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_container_s_life_is_told_from_the_registration_on()
    {
        using var runtime = new PlayedRuntime(Socket);
        runtime.Accept();
        Assert.Equal("10A804", Convert.ToHexString(runtime.Call("Configure", RuntimeMessages.Configure()).Payload));
        Assert.Equal("1001", Convert.ToHexString(runtime.Call("Synchronize", RuntimeMessages.Synchronize([Samples.Pod], [], more: true)).Payload));
        Assert.False(_client.IsRegistered);
        Assert.Empty(runtime.Call("Synchronize", RuntimeMessages.Synchronize([], [Samples.Container])).Payload);
        Assert.Equal("synchronize p1 c1", _plugin.Next());
        Assert.True(Eventually(() => _client.IsRegistered));

        Assert.Equal(Convert.ToHexString(NriReplies.CreateContainer(Samples.Adjustment).Payload), Convert.ToHexString(runtime.Call("CreateContainer", One).Payload));
        Assert.Equal("create " + Told, _plugin.Next());
        Assert.Equal(TtrpcResponse.Unimplemented, runtime.Call("PostStartContainer", One).Code);
        Assert.Equal(0, runtime.Call("StartContainer", One).Code);
        Assert.Equal("start " + Told, _plugin.Next());
        Assert.Equal(0, runtime.Call("StateChange", RuntimeMessages.StateChange(6, Samples.Pod, Samples.Container)).Code);
        Assert.Equal("start " + Told, _plugin.Next());
        Assert.Equal(0, runtime.Call("StopContainer", One).Code);
        Assert.Equal("stop " + Told, _plugin.Next());
    }

    [Fact]
    public void An_answer_and_a_list_of_many_frames_come_whole()
    {
        var mounts = Enumerable.Range(0, 200).Select(number => new NriMount($"/proc/{number}", "bind", new string('s', 100), ["ro"])).ToList();
        _plugin.OnCreate = () => new(mounts, [], null);
        using var runtime = new PlayedRuntime(Socket);
        runtime.Register([.. Enumerable.Repeat(Samples.Pod, 5000)]);

        Assert.Equal(5000 - 1, _plugin.Next().Count(letter => letter == ','));
        Assert.Equal(Convert.ToHexString(NriReplies.CreateContainer(new(mounts, [], null)).Payload), Convert.ToHexString(runtime.Call("CreateContainer", One).Payload));
    }

    [Fact]
    public void A_runtime_that_was_killed_and_comes_back_has_the_plugin_again()
    {
        for (var life = 0; life < 3; life++)
        {
            using var runtime = new PlayedRuntime(Socket);
            runtime.Register(Samples.Pod);
            Assert.Equal("synchronize p1 ", _plugin.Next());
            Assert.True(Eventually(() => _client.IsRegistered));
            runtime.Dispose();
            Assert.True(Eventually(() => !_client.IsRegistered));
        }
    }

    /// <summary>Each registration has a moment without the plugin: what its list shows must not bring about the next one, for ever.</summary>
    [Fact]
    public void It_registers_again_when_asked_and_not_once_more_for_what_it_is_told_then()
    {
        using var runtime = new PlayedRuntime(Socket);
        runtime.Register(Samples.Pod);
        Assert.Equal("synchronize p1 ", _plugin.Next());

        _client.RegisterAgain();
        runtime.AwaitEnd();
        runtime.Register(Samples.Pod);
        Assert.Equal("synchronize p1 ", _plugin.Next());
        _client.RegisterAgain();
        Thread.Sleep(2 * NriClient.Again);

        Assert.Equal(0, runtime.Call("StartContainer", One).Code);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("ended the connection", StringComparison.Ordinal));
    }

    [Fact]
    public void A_runtime_that_is_killed_while_the_plugin_thinks_costs_no_more_than_that_container()
    {
        using var isCalled = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        _plugin.OnCreate = () =>
        {
            isCalled.Set();
            goOn.Wait(TimeSpan.FromSeconds(60));
            return Samples.Adjustment;
        };
        using (var runtime = new PlayedRuntime(Socket))
        {
            runtime.Register();
            runtime.Send(RuntimeMessages.Call("CreateContainer", One, 99));
            isCalled.Wait(TestContext.Current.CancellationToken);
        }

        goOn.Set();
        using var next = new PlayedRuntime(Socket);
        next.Register();
        Assert.NotEmpty(next.Call("CreateContainer", One).Payload);
    }

    [Fact]
    public void Half_a_message_and_nothing_more_is_left_for_another_try()
    {
        using var runtime = new PlayedRuntime(Socket);
        runtime.Register();
        runtime.Send(Convert.FromHexString("00000001" + "00000010" + "000000ff" + "00000003" + "0100" + "0a0b0c0d0e0f"));
        runtime.AwaitEnd();

        runtime.Register();
        Assert.True(Eventually(() => _client.IsRegistered));
        Assert.Contains(_log.Lines, line => line.Contains("the runtime stopped within a message", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("00000001ffffffff")]
    [InlineData("00000001" + "0000000c" + "00000002" + "00000003" + "0100" + "0aff")]
    public void What_is_not_the_protocol_is_left_for_another_try(string hex)
    {
        using var runtime = new PlayedRuntime(Socket);
        runtime.Register();
        runtime.Send(Convert.FromHexString(hex));
        runtime.AwaitEnd();

        runtime.Register();
        Assert.True(Eventually(() => _client.IsRegistered));
    }

    [Fact]
    public void A_plugin_that_hangs_is_answered_for_while_it_hangs()
    {
        using var goOn = new ManualResetEventSlim();
        _plugin.OnCreate = () =>
        {
            goOn.Wait(TimeSpan.FromSeconds(60));
            return Samples.Adjustment;
        };
        using var runtime = new PlayedRuntime(Socket);
        runtime.Register();
        Assert.Empty(runtime.Call("CreateContainer", One).Payload);
        Assert.Empty(runtime.Call("CreateContainer", One).Payload);
        Assert.Contains("CreateContainer was answered with nothing to do, since the plugin was too slow", _log.Lines);
        goOn.Set();
    }

    [Fact]
    public void A_runtime_that_accepts_nobody_is_not_waited_for_without_end()
    {
        using var full = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        full.Bind(new UnixDomainSocketEndPoint(_folder + "/full"));
        full.Listen(0);
        var others = new List<NriConnection>();
        var refusal = Record.Exception(() =>
        {
            while (others.Count < 100)
                others.Add(new(_folder + "/full"));
        });
        others.ForEach(other => other.Dispose());

        Assert.IsType<SocketException>(refusal);
    }

    private static bool Eventually(Func<bool> holds) => SpinWait.SpinUntil(holds, TimeSpan.FromSeconds(60));
}
