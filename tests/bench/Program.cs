// dotnet run -c Release --project tests/bench [SECONDS-PER-RUN]
// Drives the published executable and a floor in turn, and prints what a request costs as a ratio to the floor.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using LxcfsFunctions.Bench;

const int Rounds = 5;
const int Starts = 15;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var seconds = args is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
var root = Path.GetFullPath(typeof(Wrk).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single().Value!);
var work = Directory.CreateDirectory(Path.Combine(root, "artifacts", "bench", "work")).FullName;
var (certificate, key) = (Path.Combine(work, "tls.crt"), Path.Combine(work, "tls.key"));
Run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", key, "-out", certificate);
Run("dotnet", "publish", Path.Combine(root, "functions"), "-c", "Release", "--nologo", "-v", "quiet");
Run("dotnet", "publish", Path.Combine(root, "tests", "bench", "floor"), "-c", "Release", "--nologo", "-v", "quiet");
var product = Path.Combine(root, "artifacts", "package", "lxcfs-functions");
var floor = Path.Combine(root, "artifacts", "bench", "floor", "Floor");

// As an image would set them: nobody is called over TLS, so the system's trust need not be read; and one arena of the C library
// is enough, since only OpenSSL allocates there.
var environment = new Dictionary<string, string> { ["SSL_CERT_DIR"] = Directory.CreateDirectory(Path.Combine(work, "empty")).FullName, ["SSL_CERT_FILE"] = "/dev/null", ["MALLOC_ARENA_MAX"] = "1" };

Console.WriteLine("| body | connections | CPU per request | floor | ratio | p50 | p99 | floor p50 | floor p99 | resident |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
foreach (var bytes in new[] { 3_000, 10_000, 65_000 })
{
    var body = Bodies.OfAbout(bytes);
    var bodyFile = Path.Combine(work, $"{bytes}.json");
    File.WriteAllBytes(bodyFile, body);
    var (port, floorPort) = (Server.FreePort(), Server.FreePort());
    using var ours = StartContainer(port);
    using var theirs = new Server(floor, [$"{floorPort}", certificate, key, $"{AnswerLength(port, body)}"], environment, $"https://127.0.0.1:{floorPort}/healthz");
    foreach (var connections in new[] { 1, 32 })
    {
        var runs = Enumerable.Range(0, Rounds + 1).Select(_ => (Ours: Measure(ours, port), Floor: Measure(theirs, floorPort))).Skip(1).ToArray();
        Console.WriteLine(
            $"| {body.Length / 1000.0:0.0} kB | {connections} | {Median(runs.Select(r => r.Ours.Cpu)):0.0} µs | {Median(runs.Select(r => r.Floor.Cpu)):0.0} µs "
            + $"| **{Median(runs.Select(r => r.Ours.Cpu / r.Floor.Cpu)):0.00}** | {Median(runs.Select(r => r.Ours.Wrk.P50Milliseconds)):0.00} ms | {Median(runs.Select(r => r.Ours.Wrk.P99Milliseconds)):0.00} ms "
            + $"| {Median(runs.Select(r => r.Floor.Wrk.P50Milliseconds)):0.00} ms | {Median(runs.Select(r => r.Floor.Wrk.P99Milliseconds)):0.00} ms | {ours.ResidentMiB:0.0} MiB |");

        (double Cpu, Wrk Wrk) Measure(Server server, int at)
        {
            var before = server.CpuSeconds;
            var wrk = Wrk.Run($"https://127.0.0.1:{at}/hooks/local/mutate?timeout=3s", bodyFile, connections, seconds);
            return ((server.CpuSeconds - before) * 1e6 / wrk.Requests, wrk);
        }
    }
}

Console.WriteLine($"\nStart to the first answer, median of {Starts}: Functions host {FirstAnswer(StartFunctions):0} ms, container with TLS {FirstAnswer(() => StartContainer(Server.FreePort())):0} ms.");
Console.WriteLine($"Executable: {new FileInfo(product).Length / 1e6:0.0} MB.");

Server StartContainer(int port) => new(product, [], new(environment)
{
    ["Lxcfs__Port"] = $"{port}",
    ["Lxcfs__MetricsPort"] = $"{Server.FreePort()}",
    ["Lxcfs__AllowAnonymous"] = "true",
    ["Lxcfs__CertificateFile"] = certificate,
    ["Lxcfs__CertificateKeyFile"] = key,
}, $"https://127.0.0.1:{port}/healthz");

Server StartFunctions()
{
    var port = Server.FreePort();
    return new(product, [], new(environment) { ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}", ["Lxcfs__AllowAnonymous"] = "true" }, $"http://127.0.0.1:{port}/");
}

static double FirstAnswer(Func<Server> start) => Median(Enumerable.Range(0, Starts).Select(_ =>
{
    using var server = start();
    return server.FirstAnswer.TotalMilliseconds;
}));

static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

static int AnswerLength(int port, byte[] body)
{
    using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
    using var answer = client.Send(new(HttpMethod.Post, $"https://127.0.0.1:{port}/hooks/local/mutate")
    {
        Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
    });
    return (int)answer.Content.Headers.ContentLength!;
}

static void Run(string program, params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
    var errors = process.StandardError.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
        throw new InvalidOperationException($"{program} failed: {errors}");
}
