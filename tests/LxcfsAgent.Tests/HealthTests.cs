using System.Net.Sockets;
using LxcfsAgent.Health;
using LxcfsAgent.Plan;
using Microsoft.Extensions.Logging.Abstractions;

namespace LxcfsAgent.Tests;

public sealed class HealthTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-agent-").FullName;
    private readonly StoppedClock _clock = new();
    private readonly AgentState _state;

    public HealthTests() => _state = new(_clock);

    private string Socket => _folder + "/run/health.sock";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_probe_is_answered_from_the_agent_s_state()
    {
        using var health = HealthSocket.Start(Socket, _state, NullLogger.Instance);

        Assert.Equal((1, "LXCFS is starting\n"), await AskAsync("ready"));
        _state.Set(Phase.Owner, null);
        Assert.Equal((0, "ready\n"), await AskAsync("ready"));
        _state.Set(Phase.Owner, "it is broken: ü");
        Assert.Equal((1, "it is broken: ü\n"), await AskAsync("ready"));

        Assert.Equal((0, "live\n"), await AskAsync("live"));
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal((1, "the agent's loop is stuck\n"), await AskAsync("live"));
        _state.Beat();
        Assert.Equal((0, "live\n"), await AskAsync("live"));
        Assert.Equal((1, "the questions are live and ready\n"), await AskAsync("what"));
    }

    [Fact]
    public void Nobody_but_its_owner_reaches_the_socket()
    {
        using var health = HealthSocket.Start(Socket, _state, NullLogger.Instance);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Socket)!));
    }

    [Fact]
    public async Task Where_no_agent_answers_that_is_said()
    {
        var (code, text) = await AskAsync("live");
        Assert.Equal(1, code);
        Assert.StartsWith($"no agent answers at {Socket}: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_gives_no_answer_is_not_waited_for_without_end()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Socket));
        listener.Listen();

        Assert.Equal((1, "the agent gave no answer within 4 s\n"), await AskAsync("live"));
    }

    [Fact]
    public async Task Clients_that_say_nothing_keep_no_other_from_its_answer()
    {
        using var health = HealthSocket.Start(Socket, _state, NullLogger.Instance);
        var silent = new List<Socket>();
        for (var count = 0; count < 4; count++)
        {
            silent.Add(new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
            await silent[^1].ConnectAsync(new UnixDomainSocketEndPoint(Socket), TestContext.Current.CancellationToken);
        }

        Assert.Equal((0, "live\n"), await AskAsync("live"));
        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task An_agent_answers_in_place_of_one_that_was_killed()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        // What a killed agent leaves behind. .NET removes the file where the socket is closed in order.
        using (var bound = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            bound.Bind(new UnixDomainSocketEndPoint(Socket));
            File.Move(Socket, Socket + "~");
        }

        File.Move(Socket + "~", Socket);
        using var health = HealthSocket.Start(Socket, _state, NullLogger.Instance);

        Assert.Equal((0, "live\n"), await AskAsync("live"));
    }

    [Fact]
    public async Task A_socket_that_can_not_be_made_is_made_as_soon_as_it_can()
    {
        File.WriteAllText(_folder + "/run", "no folder");
        using var health = HealthSocket.Start(Socket, _state, NullLogger.Instance);
        Assert.Equal(1, (await AskAsync("live")).Code);

        File.Delete(_folder + "/run");
        while ((await AskAsync("live")).Code != 0)
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private async Task<(int Code, string Text)> AskAsync(string question)
    {
        using var output = new StringWriter { NewLine = "\n" };
        return (await HealthCommand.RunAsync(question, Socket, output), output.ToString());
    }
}
