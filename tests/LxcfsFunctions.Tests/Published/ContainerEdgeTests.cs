using System.Globalization;
using System.Net;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests.Published;

/// <summary>What the container mode answers, on which of its ports, and what it says of a fault.</summary>
public sealed class ContainerEdgeTests(Package package) : IClassFixture<Package>, IDisposable
{
    private readonly ContainerServer _server = new(package);

    [Fact]
    public async Task Prometheus_finds_the_counter_without_any_pod_in_a_label_and_only_on_its_own_port()
    {
        using var client = Requests.Trusting();
        await using var program = await _server.StartAsync(client);
        using var answer = await client.SendAsync(Requests.Post(_server.Mutate, Requests.Sample), TestContext.Current.CancellationToken);
        using var refused = await client.SendAsync(Requests.Post(_server.Mutate, "{}"u8.ToArray()), TestContext.Current.CancellationToken);
        var metrics = await client.GetStringAsync(new Uri($"http://127.0.0.1:{_server.MetricsPort}/metrics"), TestContext.Current.CancellationToken);
        var lines = metrics.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("lxcfs_admission_responses_total", StringComparison.Ordinal)
            && line.Contains("webhook=\"mutate\"", StringComparison.Ordinal) && line.Contains("outcome=\"Mutated\"", StringComparison.Ordinal)
            && line.Contains("reason=\"Injected\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("outcome=\"Fault\"", StringComparison.Ordinal) && line.Contains("reason=\"400\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("lxcfs_admission_duration_seconds_bucket", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("lxcfs_admission_certificate_expiry_seconds", StringComparison.Ordinal)
            && double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) == _server.CertificateEnds.ToUnixTimeSeconds());
        Assert.DoesNotContain("research", metrics, StringComparison.Ordinal);

        using var hidden = await client.GetAsync(new Uri($"{_server.Url}/metrics"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        using var plain = await client.SendAsync(
            Requests.Post($"http://127.0.0.1:{_server.MetricsPort}/hooks/local/mutate", Requests.Sample), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, plain.StatusCode);
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri($"http://127.0.0.1:{_server.MetricsPort}/healthz"), TestContext.Current.CancellationToken));
    }

    /// <summary>Of each reason one golden case that has it.</summary>
    [Fact]
    public async Task Each_reason_to_leave_a_pod_alone_is_in_the_answer_the_log_and_the_metrics()
    {
        (string Case, SkipReason Reason)[] cases =
        [
            ("skip-kube-system", SkipReason.SystemNamespace), ("too-large", SkipReason.TooLarge), ("opted-out", SkipReason.OptedOut), ("invalid-env", SkipReason.InvalidAnnotation),
            ("windows-by-os", SkipReason.Windows), ("mirror-pod", SkipReason.MirrorPod), ("virtual-node-eci", SkipReason.VirtualNode),
            ("sandbox-gvisor", SkipReason.SandboxedRuntime), ("../mutate-node/no-host-path", SkipReason.NoHostPath), ("user-namespace", SkipReason.UserNamespace),
            ("unmasked-proc-of-every-container", SkipReason.UnmaskedProc), ("no-containers", SkipReason.NothingToDo),
        ];
        Assert.Equal(Enum.GetValues<SkipReason>(), cases.Select(item => item.Reason));
        using var client = Requests.Trusting();
        await using var program = await _server.StartAsync(client);
        foreach (var (name, reason) in cases)
        {
            var review = await File.ReadAllBytesAsync(
                Path.Combine(Repository.TestData, "golden", "mutate", name, "review.json"), TestContext.Current.CancellationToken);
            var url = reason == SkipReason.NoHostPath ? $"{_server.Mutate}/node" : _server.Mutate;
            using var answer = await client.SendAsync(Requests.Post(url, review), TestContext.Current.CancellationToken);
            Assert.Contains($"\"reason\":\"{reason}\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            await program.PrintsAsync($"\"reason\":\"{reason}\"");
        }

        var metrics = await client.GetStringAsync(new Uri($"http://127.0.0.1:{_server.MetricsPort}/metrics"), TestContext.Current.CancellationToken);
        Assert.All(cases, item => Assert.Contains($"outcome=\"Skipped\",reason=\"{item.Reason}\"", metrics.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_is_where_the_webhooks_are_and_not_where_the_metrics_are()
    {
        using var client = Requests.Trusting();
        await using var program = await _server.StartAsync(client, ("Lxcfs__Page", "true"));
        using var shown = await client.GetAsync(new Uri($"{_server.Url}/hooks/local/page/"), TestContext.Current.CancellationToken);
        using var hidden = await client.GetAsync(new Uri($"http://127.0.0.1:{_server.MetricsPort}/hooks/local/page/"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (shown.StatusCode, hidden.StatusCode));
    }

    [Fact]
    public async Task Faults_are_statuses_and_never_reviews()
    {
        using var client = Requests.Trusting();
        await using var program = await _server.StartAsync(client, ("Lxcfs__MaxRequestBodyBytes", "10000"));
        var large = new byte[10001];
        Array.Fill(large, (byte)' ');
        (HttpRequestMessage Request, HttpStatusCode Status)[] cases =
        [
            (Requests.Post(_server.Mutate, "{"u8.ToArray()), HttpStatusCode.BadRequest),
            (Requests.Post(_server.Mutate, "null"u8.ToArray()), HttpStatusCode.BadRequest),
            (Requests.Post(_server.Mutate, []), HttpStatusCode.BadRequest),
            (Requests.Post(_server.Mutate, """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1","request":{"uid":"u"}}"""u8.ToArray()), HttpStatusCode.BadRequest),
            (Requests.Post(_server.Mutate, """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":""}}"""u8.ToArray()), HttpStatusCode.BadRequest),
            (Requests.Post(_server.Mutate, Requests.Sample, "text/plain"), HttpStatusCode.UnsupportedMediaType),
            (Requests.Post(_server.Mutate, large), HttpStatusCode.RequestEntityTooLarge),
            (Chunked(large), HttpStatusCode.RequestEntityTooLarge),
            (Chunked(Requests.Sample), HttpStatusCode.OK),
            (Requests.Post($"{_server.Url}/hooks/local/elsewhere", Requests.Sample), HttpStatusCode.NotFound),
            (Requests.Post($"{_server.Url}/mutate", Requests.Sample), HttpStatusCode.NotFound),
            (Requests.Post($"{_server.Url}/hooks/{new string('f', 9000)}/mutate", Requests.Sample), HttpStatusCode.RequestUriTooLong),
            (new(HttpMethod.Get, new Uri(_server.Mutate)), HttpStatusCode.MethodNotAllowed),
            (new(HttpMethod.Get, new Uri($"{_server.Url}/healthz")), HttpStatusCode.OK),
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
        await using var program = await _server.StartAsync(client);
        var body = """{"kind":"AdmissionReview","request":{"object":{"spec":{"containers":[{"env":[{"name":"P","value":"hunter2"}],"name":hunter2}]}}}}"""u8.ToArray();
        using var answer = await client.SendAsync(Requests.Post(_server.Mutate, body), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("$.request.object.spec.containers[0]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text + program.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _server.Dispose();

    private HttpRequestMessage Chunked(byte[] body)
    {
        var request = Requests.Post(_server.Mutate, body);
        request.Headers.TransferEncodingChunked = true;
        return request;
    }
}
