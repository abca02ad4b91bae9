using System.Net.Sockets;
using System.Text;

namespace LxcfsAgent.Health;

/// <summary><c>lxcfs-agent health live|ready</c>: what the kubelet's probes run. Asks the agent that runs in this container.</summary>
internal static class HealthCommand
{
    /// <summary>Less than the timeout of the probe for readiness, 5 s, so that the text is seen.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <returns>0 when it holds; 1 when it does not, or nobody answers in time.</returns>
    public static async Task<int> RunAsync(string question, string path, TextWriter output)
    {
        using var late = new CancellationTokenSource(Patience);
        try
        {
            var answer = await AskAsync(question, path, late.Token);
            output.WriteLine(answer?.Text ?? "the agent gave no answer");
            return answer is { Holds: true } ? 0 : 1;
        }
        catch (SocketException exception)
        {
            output.WriteLine($"no agent answers at {path}: {exception.Message}");
        }
        catch (OperationCanceledException)
        {
            output.WriteLine($"the agent gave no answer within {Patience.TotalSeconds} s");
        }

        return 1;
    }

    private static async Task<HealthAnswer?> AskAsync(string question, string path, CancellationToken late)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), late);
        await socket.SendAsync(Encoding.ASCII.GetBytes(question), late);
        var answer = new List<byte>();
        var buffer = new byte[4096];
        for (int count; (count = await socket.ReceiveAsync(buffer, late)) > 0;)
            answer.AddRange(buffer.AsSpan(0, count));
        return HealthAnswer.Decode([.. answer]);
    }
}
