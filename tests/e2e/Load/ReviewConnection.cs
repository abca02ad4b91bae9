using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LxcfsFunctions.EndToEnd.Load;

/// <summary>
/// A kept connection that sends one review again and again, as the Functions host's does. It costs little enough that a million
/// of them test the other end.
/// </summary>
internal sealed class ReviewConnection : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[64 * 1024];
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _patience = new();

    private ReviewConnection(byte[] request) => _request = request;

    /// <param name="path">Where the review goes.</param>
    public static async Task<ReviewConnection> OpenAsync(int port, string path, byte[] review)
    {
        var head = $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {review.Length}\r\n\r\n";
        var connection = new ReviewConnection([.. Encoding.ASCII.GetBytes(head), .. review]);
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    /// <summary>The answer's status and its body, which the next call overwrites.</summary>
    public async ValueTask<(bool Ok, ReadOnlyMemory<byte> Body)> ReviewAsync()
    {
        _patience.CancelAfter(Longest);
        await _socket.SendAsync(_request, _patience.Token);
        var (length, body, end) = (0, 0, _answer.Length);
        while (length < end)
        {
            var read = await ReceiveAsync(length);
            if (read == 0)
                throw new EndOfStreamException($"the connection ended in an answer:\n{Encoding.UTF8.GetString(_answer, 0, length)}");
            length += read;
            if (body == 0 && HeadLength(_answer.AsSpan(0, length)) is { } head)
                (body, end) = (head, head + ContentLength(_answer.AsSpan(0, head)));
        }

        return (_answer.AsSpan().StartsWith("HTTP/1.1 200 "u8), _answer.AsMemory(body, end - body));
    }

    public void Dispose()
    {
        _socket.Dispose();
        _patience.Dispose();
    }

    private async ValueTask<int> ReceiveAsync(int length)
    {
        try
        {
            return await _socket.ReceiveAsync(_answer.AsMemory(length), _patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no answer within {Longest.TotalSeconds} s, but:\n{Encoding.UTF8.GetString(_answer, 0, length)}");
        }
    }

    private static int? HeadLength(ReadOnlySpan<byte> answer) => answer.IndexOf("\r\n\r\n"u8) is >= 0 and var at ? at + 4 : null;

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        return head.IndexOf(name) is >= 0 and var at && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)
            ? length
            : throw new InvalidDataException($"an answer without a length:\n{Encoding.ASCII.GetString(head)}");
    }
}
