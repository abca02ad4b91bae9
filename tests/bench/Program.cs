// dotnet run -c Release --project tests/bench [SECONDS-PER-RUN [EXECUTABLE ...]]
// Drives the published executable and a floor in turn, and prints what a request costs as a ratio to the floor. Executables of
// other builds take their turns in the same run, since only figures of one run can be compared.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using LxcfsFunctions.Bench;

const int Rounds = 5;
const int Starts = 15;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
var root = Path.GetFullPath(typeof(Wrk).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single().Value!);
var work = Directory.CreateDirectory(Path.Combine(root, "artifacts", "bench", "work")).FullName;
var (certificate, key) = (Path.Combine(work, "tls.crt"), Path.Combine(work, "tls.key"));
Run(
    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-days", "2",
    "-keyout", key, "-out", certificate);
Run("dotnet", "publish", Path.Combine(root, "functions"), "-c", "Release", "--nologo", "-v", "quiet");
Run("dotnet", "publish", Path.Combine(root, "functions", "worker"), "-c", "Release", "--nologo", "-v", "quiet");
Run("dotnet", "publish", Path.Combine(root, "tests", "bench", "floor"), "-c", "Release", "--nologo", "-v", "quiet");
string[] builds = [Path.Combine(root, "artifacts", "package", "lxcfs-functions"), .. args.Skip(1).Select(Path.GetFullPath)];
var floor = Path.Combine(root, "artifacts", "bench", "floor", "Floor");

// As an image would set them: nobody is called over TLS, so the system's trust need not be read; and one arena of the C library
// is enough, since only OpenSSL allocates there.
var environment = new Dictionary<string, string>
{
    ["SSL_CERT_DIR"] = Directory.CreateDirectory(Path.Combine(work, "empty")).FullName,
    ["SSL_CERT_FILE"] = "/dev/null",
    ["MALLOC_ARENA_MAX"] = "1",
};

Console.WriteLine("| build | body | connections | CPU per request | floor | ratio | p50 | p99 | floor p50 | floor p99 | resident |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
foreach (var bytes in new[] { 3_000, 10_000, 65_000 })
{
    var body = Bodies.OfAbout(bytes);
    var bodyFile = Path.Combine(work, $"{bytes}.json");
    File.WriteAllBytes(bodyFile, body);
    var ours = builds.Select(StartContainer).ToArray();
    var floorPort = Server.FreePort();
    string[] arguments = [$"{floorPort}", certificate, key, $"{AnswerLength(ours[0].Port, body)}"];
    using var theirs = new Server(floor, arguments, environment, floorPort, $"https://127.0.0.1:{floorPort}/healthz");
    foreach (var connections in new[] { 1, 32 })
    {
        var rounds = Enumerable.Range(0, Rounds + 1).Select(_ => (Floor: Measure(theirs), Ours: ours.Select(Measure).ToArray())).Skip(1).ToArray();
        for (var build = 0; build < builds.Length; build++)
        {
            var runs = rounds.Select(round => (Ours: round.Ours[build], round.Floor)).ToArray();
            Console.WriteLine(
                $"| {build} | {body.Length / 1000.0:0.0} kB | {connections} | {Median(runs.Select(r => r.Ours.Cpu)):0.0} µs | {Median(runs.Select(r => r.Floor.Cpu)):0.0} µs "
                + $"| **{Median(runs.Select(r => r.Ours.Cpu / r.Floor.Cpu)):0.00}** | {Median(runs.Select(r => r.Ours.Wrk.P50Milliseconds)):0.00} ms | {Median(runs.Select(r => r.Ours.Wrk.P99Milliseconds)):0.00} ms "
                + $"| {Median(runs.Select(r => r.Floor.Wrk.P50Milliseconds)):0.00} ms | {Median(runs.Select(r => r.Floor.Wrk.P99Milliseconds)):0.00} ms | {ours[build].ResidentMiB:0.0} MiB |");
        }

        (double Cpu, Wrk Wrk) Measure(Server server)
        {
            var before = server.CpuSeconds;
            var wrk = Wrk.Run($"https://127.0.0.1:{server.Port}/hooks/local/mutate?timeout=3s", bodyFile, connections, seconds);
            return ((server.CpuSeconds - before) * 1e6 / wrk.Requests, wrk);
        }
    }

    foreach (var server in ours)
        server.Dispose();
}

Console.WriteLine();
for (var build = 0; build < builds.Length; build++)
{
    var executable = builds[build];
    Console.WriteLine($"Build {build}: {new FileInfo(executable).Length / 1e6:0.0} MB. Start to the first answer, median of {Starts}: "
        + $"Functions host {FirstAnswer(() => StartFunctions(executable)):0} ms, container with TLS {FirstAnswer(() => StartContainer(executable)):0} ms.");
}

await Worker.MeasureAsync(Path.Combine(root, "artifacts", "worker"), Bodies.OfAbout(10_000));

Server StartContainer(string executable)
{
    var port = Server.FreePort();
    return new(executable, [], new(environment)
    {
        ["Lxcfs__Port"] = $"{port}",
        ["Lxcfs__MetricsPort"] = $"{Server.FreePort()}",
        ["Lxcfs__AllowAnonymous"] = "true",
        ["Lxcfs__CertificateFile"] = certificate,
        ["Lxcfs__CertificateKeyFile"] = key,
    }, port, $"https://127.0.0.1:{port}/healthz");
}

Server StartFunctions(string executable)
{
    var port = Server.FreePort();
    return new(executable, [], new(environment) { ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}", ["Lxcfs__AllowAnonymous"] = "true" }, port, $"http://127.0.0.1:{port}/");
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
