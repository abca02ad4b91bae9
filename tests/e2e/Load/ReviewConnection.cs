using System.Buffers.Text;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using LxcfsFunctions.EndToEnd.Parts;

namespace LxcfsFunctions.EndToEnd.Load;

/// <summary>
/// A kept connection that sends one review again and again, as an API server's does. It costs little enough that a million of
/// them test the other end.
/// </summary>
internal sealed class ReviewConnection : IAsyncDisposable
{
    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[64 * 1024];
    private readonly SslStream _stream;

    private ReviewConnection(SslStream stream, byte[] request) => (_stream, _request) = (stream, request);

    public static async Task<ReviewConnection> OpenAsync(Functions functions, byte[] review)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, functions.Port);
#pragma warning disable CA5359 // Who answers is not what is tested here.
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync(Functions.Name);
        var head = $"POST /hooks/{functions.Token}/mutate?timeout=3s HTTP/1.1\r\nHost: {functions.Host}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {review.Length}\r\n\r\n";
        return new(stream, [.. Encoding.ASCII.GetBytes(head), .. review]);
    }

    /// <summary>The answer's status and its body, which the next call overwrites.</summary>
    public async ValueTask<(bool Ok, ReadOnlyMemory<byte> Body)> ReviewAsync()
    {
        await _stream.WriteAsync(_request);
        var (length, body, end) = (0, 0, _answer.Length);
        while (length < end)
        {
            var read = await _stream.ReadAsync(_answer.AsMemory(length));
            if (read == 0)
                throw new EndOfStreamException($"the connection ended in an answer:\n{Encoding.UTF8.GetString(_answer, 0, length)}");
            length += read;
            if (body == 0 && HeadLength(_answer.AsSpan(0, length)) is { } head)
                (body, end) = (head, head + ContentLength(_answer.AsSpan(0, head)));
        }

        return (_answer.AsSpan().StartsWith("HTTP/1.1 200 "u8), _answer.AsMemory(body, end - body));
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static int? HeadLength(ReadOnlySpan<byte> answer) => answer.IndexOf("\r\n\r\n"u8) is >= 0 and var at ? at + 4 : null;

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        return head.IndexOf(name) is >= 0 and var at && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)
            ? length
            : throw new InvalidDataException($"an answer without a length:\n{Encoding.ASCII.GetString(head)}");
    }
}
