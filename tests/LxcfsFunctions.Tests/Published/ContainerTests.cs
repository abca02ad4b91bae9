using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace LxcfsFunctions.Tests.Published;

/// <summary>The container mode: https with a certificate from files, and a stop that loses nothing.</summary>
public sealed class ContainerTests(Package package) : IClassFixture<Package>, IDisposable
{
    private readonly ContainerServer _server = new(package);

    [Fact]
    public async Task A_replaced_certificate_is_used_within_a_minute_and_no_request_is_lost()
    {
        var subject = "";
        using var client = Requests.Trusting(seen => subject = seen, reuse: false);
        await using var program = await _server.StartAsync(client);
        Assert.Equal("CN=first", subject);

        // First a broken one, which must change nothing.
        await File.WriteAllTextAsync(_server.Certificate, "not a certificate", TestContext.Current.CancellationToken);
        await _server.AskUntilAsync(client, () => program.Output.Contains("stays in use", StringComparison.Ordinal));
        Assert.Equal("CN=first", subject);

        _server.WriteCertificate("second");
        await _server.AskUntilAsync(client, () => subject == "CN=second");
    }

    [Fact]
    public async Task A_request_in_flight_is_answered_before_it_stops()
    {
        using var client = Requests.Trusting();
        await using var program = await _server.StartAsync(client, ("Lxcfs__DrainSeconds", "0"));
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _server.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        var head = $"POST /hooks/local/mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Requests.Sample.Length}\r\n\r\n";
        await tls.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        await tls.WriteAsync(Requests.Sample.AsMemory(0, 100), TestContext.Current.CancellationToken);
        await tls.FlushAsync(TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);

        var exit = program.TerminateAsync();
        await Task.Delay(200, TestContext.Current.CancellationToken);
        await tls.WriteAsync(Requests.Sample.AsMemory(100), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tls);
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await exit);
    }

    [Fact]
    public async Task No_request_is_lost_on_kept_connections_when_it_is_stopped()
    {
        using var client = Requests.Trusting();
        await using var program = await _server.StartAsync(client, ("Lxcfs__DrainSeconds", "3"));
        using var before = await client.SendAsync(Requests.Post(_server.Mutate, Requests.Sample), TestContext.Current.CancellationToken);
        Assert.NotEqual(true, before.Headers.ConnectionClose);

        var exit = program.TerminateAsync();
        await Task.Delay(500, TestContext.Current.CancellationToken);
        // The first on the connection that was kept, the others on new ones.
        for (var i = 0; i < 10; i++)
        {
            using var answer = await client.SendAsync(Requests.Post(_server.Mutate, Requests.Sample), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Headers.ConnectionClose);
        }

        Assert.Equal(0, await exit);
    }

    public void Dispose() => _server.Dispose();
}
