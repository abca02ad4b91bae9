using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LxcfsFunctions.Tests.Published;

/// <summary>The container home: https with a certificate from files, metrics beside it.</summary>
public sealed class ContainerTests : IClassFixture<Package>, IDisposable
{
    private readonly Package _package;
    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-tls-").FullName;
    private readonly int _port = Running.FreePort();
    private readonly int _metricsPort = Running.FreePort();
    private DateTimeOffset _certificateEnds;

    public ContainerTests(Package package)
    {
        _package = package;
        WriteCertificate("first");
    }

    private string Url => $"https://127.0.0.1:{_port}";

    private string Mutate => $"{Url}/hooks/local/mutate";

    [Fact]
    public async Task A_replaced_certificate_is_used_within_a_minute_and_no_request_is_lost()
    {
        var subject = "";
        using var client = Requests.Trusting(seen => subject = seen, reuse: false);
        await using var program = await StartAsync(client);
        Assert.Equal("CN=first", subject);

        // First a broken one, which must change nothing.
        await File.WriteAllTextAsync(Path.Combine(_folder, "tls.crt"), "not a certificate", TestContext.Current.CancellationToken);
        await AskUntilAsync(client, () => program.Output.Contains("stays in use", StringComparison.Ordinal));
        Assert.Equal("CN=first", subject);

        WriteCertificate("second");
        await AskUntilAsync(client, () => subject == "CN=second");
    }

    [Fact]
    public async Task A_request_in_flight_is_answered_before_it_stops()
    {
        using var client = Requests.Trusting();
        await using var program = await StartAsync(client, ("Lxcfs__DrainSeconds", "0"));
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
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
        await using var program = await StartAsync(client, ("Lxcfs__DrainSeconds", "3"));
        using var before = await client.SendAsync(Requests.Post(Mutate, Requests.Sample), TestContext.Current.CancellationToken);
        Assert.NotEqual(true, before.Headers.ConnectionClose);

        var exit = program.TerminateAsync();
        await Task.Delay(500, TestContext.Current.CancellationToken);
        // The first on the connection that was kept, the others on new ones.
        for (var i = 0; i < 10; i++)
        {
            using var answer = await client.SendAsync(Requests.Post(Mutate, Requests.Sample), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Headers.ConnectionClose);
        }

        Assert.Equal(0, await exit);
    }

    [Fact]
    public async Task Prometheus_finds_the_counter_without_any_pod_in_a_label_and_only_on_its_own_port()
    {
        using var client = Requests.Trusting();
        await using var program = await StartAsync(client);
        using var answer = await client.SendAsync(Requests.Post(Mutate, Requests.Sample), TestContext.Current.CancellationToken);
        using var refused = await client.SendAsync(Requests.Post(Mutate, "{}"u8.ToArray()), TestContext.Current.CancellationToken);
        var metrics = await client.GetStringAsync(new Uri($"http://127.0.0.1:{_metricsPort}/metrics"), TestContext.Current.CancellationToken);
        var lines = metrics.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("lxcfs_admission_responses_total", StringComparison.Ordinal)
            && line.Contains("webhook=\"mutate\"", StringComparison.Ordinal) && line.Contains("outcome=\"Mutated\"", StringComparison.Ordinal)
            && line.Contains("reason=\"Injected\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("outcome=\"Fault\"", StringComparison.Ordinal) && line.Contains("reason=\"400\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("lxcfs_admission_duration_seconds_bucket", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("lxcfs_admission_certificate_expiry_seconds", StringComparison.Ordinal)
            && double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) == _certificateEnds.ToUnixTimeSeconds());
        Assert.DoesNotContain("research", metrics, StringComparison.Ordinal);

        using var hidden = await client.GetAsync(new Uri($"{Url}/metrics"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        using var plain = await client.SendAsync(
            Requests.Post($"http://127.0.0.1:{_metricsPort}/hooks/local/mutate", Requests.Sample), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, plain.StatusCode);
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri($"http://127.0.0.1:{_metricsPort}/healthz"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_page_is_where_the_webhooks_are_and_not_where_the_metrics_are()
    {
        using var client = Requests.Trusting();
        await using var program = await StartAsync(client, ("Lxcfs__Page", "true"));
        using var shown = await client.GetAsync(new Uri($"{Url}/hooks/local/page/"), TestContext.Current.CancellationToken);
        using var hidden = await client.GetAsync(new Uri($"http://127.0.0.1:{_metricsPort}/hooks/local/page/"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (shown.StatusCode, hidden.StatusCode));
    }

    [Fact]
    public async Task Faults_are_statuses_and_never_reviews()
    {
        using var client = Requests.Trusting();
        await using var program = await StartAsync(client, ("Lxcfs__MaxRequestBodyBytes", "10000"));
        var large = new byte[10001];
        Array.Fill(large, (byte)' ');
        (HttpRequestMessage Request, HttpStatusCode Status)[] cases =
        [
            (Requests.Post(Mutate, "{"u8.ToArray()), HttpStatusCode.BadRequest),
            (Requests.Post(Mutate, "null"u8.ToArray()), HttpStatusCode.BadRequest),
            (Requests.Post(Mutate, []), HttpStatusCode.BadRequest),
            (Requests.Post(Mutate, """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1","request":{"uid":"u"}}"""u8.ToArray()), HttpStatusCode.BadRequest),
            (Requests.Post(Mutate, """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":""}}"""u8.ToArray()), HttpStatusCode.BadRequest),
            (Requests.Post(Mutate, Requests.Sample, "text/plain"), HttpStatusCode.UnsupportedMediaType),
            (Requests.Post(Mutate, large), HttpStatusCode.RequestEntityTooLarge),
            (Chunked(large), HttpStatusCode.RequestEntityTooLarge),
            (Chunked(Requests.Sample), HttpStatusCode.OK),
            (Requests.Post($"{Url}/hooks/local/elsewhere", Requests.Sample), HttpStatusCode.NotFound),
            (Requests.Post($"{Url}/mutate", Requests.Sample), HttpStatusCode.NotFound),
            (new(HttpMethod.Get, new Uri($"{Url}/healthz")), HttpStatusCode.OK),
        ];
        foreach (var (request, status) in cases)
        {
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_value_of_the_body_is_never_repeated_in_an_answer_or_a_line()
    {
        using var client = Requests.Trusting();
        await using var program = await StartAsync(client);
        var body = """{"kind":"AdmissionReview","request":{"object":{"spec":{"containers":[{"env":[{"name":"P","value":"hunter2"}],"name":hunter2}]}}}}"""u8.ToArray();
        using var answer = await client.SendAsync(Requests.Post(Mutate, body), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("$.request.object.spec.containers[0]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text + program.Output, StringComparison.Ordinal);
    }

    private HttpRequestMessage Chunked(byte[] body)
    {
        var request = Requests.Post(Mutate, body);
        request.Headers.TransferEncodingChunked = true;
        return request;
    }

    private async Task AskUntilAsync(HttpClient client, Func<bool> done)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(1); !done();)
        {
            Assert.True(DateTime.UtcNow < deadline, "nothing happened within a minute");
            using var answer = await client.SendAsync(Requests.Post(Mutate, Requests.Sample), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task<Running> StartAsync(HttpClient client, params (string, string)[] settings)
    {
        var program = new Running(_package.Executable,
        [
            ("Lxcfs__CertificateFile", Path.Combine(_folder, "tls.crt")), ("Lxcfs__CertificateKeyFile", Path.Combine(_folder, "tls.key")),
            ("Lxcfs__Port", $"{_port}"), ("Lxcfs__MetricsPort", $"{_metricsPort}"), ("Lxcfs__AllowAnonymous", "true"), .. settings,
        ]);
        await program.AnswersAsync(client, $"{Url}/healthz");
        return program;
    }

    private void WriteCertificate(string name)
    {
        using var keys = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _certificateEnds = DateTimeOffset.UtcNow.AddHours(1);
        using var certificate = new CertificateRequest($"CN={name}", keys, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), _certificateEnds);
        File.WriteAllText(Path.Combine(_folder, "tls.key"), keys.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder, "tls.crt"), certificate.ExportCertificatePem());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
