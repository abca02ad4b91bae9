// dotnet run -c Release --project tests/bench [SECONDS-PER-RUN [EXECUTABLE ...]]
// Drives a floor, the published executable and executables of other builds in turn, and prints what a request costs as a ratio to the
// floor; and what the worker costs under the tests' stand-in of its host. Only figures of one run can be compared.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using LxcfsFunctions.Bench;

const int Rounds = 5;
const int Starts = 15;
const int Middle = 10_000;
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

string[] names = ["server", .. builds.Skip(1).Select((_, i) => i == 0 ? "before" : $"before {i + 1}")];
var worker = await Worker.MeasureAsync(Path.Combine(root, "artifacts", "worker"), Bodies.OfAbout(Middle));

Console.WriteLine("| body | at once | build | CPU per request | floor = 1 | p50 | p99 | resident |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var bytes in new[] { 3_000, Middle, 65_000 })
{
    var body = Bodies.OfAbout(bytes);
    var bodyFile = Path.Combine(work, $"{bytes}.json");
    File.WriteAllBytes(bodyFile, body);
    var ours = builds.Select(StartContainer).ToArray();
    var floorPort = Server.FreePort();
    string[] arguments = [$"{floorPort}", certificate, key, $"{AnswerLength(ours[0].Port, body)}"];
    Server[] servers = [new(floor, arguments, environment, floorPort, $"https://127.0.0.1:{floorPort}/healthz"), .. ours];
    foreach (var connections in new[] { 1, Worker.AtOnce })
    {
        // The first round warms up. A ratio is one of a round, since the machine changes between rounds.
        var rounds = Enumerable.Range(0, Rounds + 1).Select(_ => servers.Select(Measure).ToArray()).Skip(1).ToArray();
        for (var i = 0; i < servers.Length; i++)
        {
            var runs = rounds.Select(round => (round[i].Cpu, round[i].Wrk, Ratio: round[i].Cpu / round[0].Cpu)).ToArray();
            Console.WriteLine(
                $"| {body.Length / 1000.0:0.0} kB | {connections} | {(i == 0 ? "floor" : names[i - 1])} | {Median(runs.Select(r => r.Cpu)):0.0} µs | **{Median(runs.Select(r => r.Ratio)):0.00}** "
                + $"| {Median(runs.Select(r => r.Wrk.P50Milliseconds)):0.00} ms | {Median(runs.Select(r => r.Wrk.P99Milliseconds)):0.00} ms | {servers[i].ResidentMiB:0.0} MiB |");
        }

        if (bytes == Middle && connections == Worker.AtOnce)
        {
            var floorCpu = Median(rounds.Select(round => round[0].Cpu));
            foreach (var (name, cost, resident) in new[] { ("worker", worker.Review, $"{worker.Resident:0.0} MiB"), ("its framework", worker.Refusal, "") })
                Console.WriteLine($"| {body.Length / 1000.0:0.0} kB | {connections} | {name} | {cost:0.0} µs | **{cost / floorCpu:0.00}** | | | {resident} |");
        }

        (double Cpu, Wrk Wrk) Measure(Server server)
        {
            var before = server.CpuSeconds;
            var wrk = Wrk.Run($"https://127.0.0.1:{server.Port}/hooks/local/mutate?timeout=3s", bodyFile, connections, seconds);
            return ((server.CpuSeconds - before) * 1e6 / wrk.Requests, wrk);
        }
    }

    foreach (var server in servers)
        server.Dispose();
}

Console.WriteLine();
Console.WriteLine("| build | size | CPU to the first answer | first answer under the Functions host | first answer with TLS |");
Console.WriteLine("|---|---|---|---|---|");
foreach (var (name, executable) in names.Zip(builds))
{
    var (functions, container) = (Starting(() => StartFunctions(executable)), Starting(() => StartContainer(executable)));
    Console.WriteLine($"| {name} | {new FileInfo(executable).Length / 1e6:0.0} MB | {functions.Cpu:0} ms | {functions.First:0} ms | {container.First:0} ms |");
}

Console.WriteLine($"| worker | {new FileInfo(Path.Combine(root, "artifacts", "lxcfs-functions-worker.zip")).Length / 1e6:0.0} MB (zip) | {worker.FirstCpu:0} ms | {worker.First:0} ms, played | |");
Console.WriteLine($"Load of the machine afterwards: {File.ReadAllText("/proc/loadavg").Trim()}");

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

static (double First, double Cpu) Starting(Func<Server> start)
{
    var runs = Enumerable.Range(0, Starts).Select(_ =>
    {
        using var server = start();
        return (First: server.FirstAnswer.TotalMilliseconds, Cpu: server.CpuSeconds * 1e3);
    }).ToArray();
    return (Median(runs.Select(run => run.First)), Median(runs.Select(run => run.Cpu)));
}

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
