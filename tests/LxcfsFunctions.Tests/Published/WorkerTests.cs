using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Tests.Published;

/// <summary>The published worker as a process of its own, with a stand-in of the Functions host's gRPC side before it.</summary>
public sealed class WorkerTests(WorkerPackage package) : IClassFixture<WorkerPackage>
{
    private static readonly (string, string) Anonymous = ("Lxcfs__AllowAnonymous", "true");

    [Fact]
    public async Task It_reports_its_functions_by_their_routes_that_need_no_key_of_the_host()
    {
        await using var worker = await RunningWorker.StartAsync(package.Folder, Anonymous);
        Assert.Equal(
            [("mutate", "hooks/{token}/mutate", "Anonymous", "post"), ("mutate-node", "hooks/{token}/mutate/node", "Anonymous", "post"), ("validate", "hooks/{token}/validate", "Anonymous", "post")],
            worker.Host.Functions.Select(function => (function.Name, function.Route, function.AuthLevel, string.Join(',', function.Methods))).Order());
        var host = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(package.Folder, "host.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal("", (string?)host["extensions"]!["http"]!["routePrefix"]);
        Assert.Null(host["customHandler"]);
    }

    [Fact]
    public async Task A_hundred_at_once_are_each_answered_with_their_own_uid()
    {
        await using var worker = await RunningWorker.StartAsync(package.Folder, Anonymous);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var review = JsonNode.Parse(Requests.Sample)!;
            review["request"]!["uid"] = $"uid-{i}";
            var answer = await worker.Host.SendAsync("POST", "/hooks/x/mutate", Encoding.UTF8.GetBytes(review.ToJsonString()));
            Assert.Equal($"uid-{i}", (string?)JsonNode.Parse(answer!.Body)!["response"]!["uid"]);
        }));
    }

    [Fact]
    public async Task Killed_and_started_again_it_answers_as_before()
    {
        await using var worker = await RunningWorker.StartAsync(package.Folder, Anonymous);
        var before = await worker.Host.SendAsync("POST", "/hooks/x/mutate", Requests.Sample);
        worker.Process.Process.Kill();
        await worker.StartAgainAsync();
        var after = await worker.Host.SendAsync("POST", "/hooks/x/mutate", Requests.Sample);
        Assert.Equal(before!.Body, after!.Body);
    }

    [Fact]
    public async Task Told_to_terminate_it_ends_and_has_written_its_lines()
    {
        await using var worker = await RunningWorker.StartAsync(package.Folder, Anonymous);
        await worker.Host.SendAsync("POST", "/hooks/x/mutate", Requests.Sample);
        await worker.Host.TerminateAsync();
        Assert.Equal(0, await worker.Process.ExitAsync());
        var line = JsonNode.Parse(Assert.Single(worker.Process.Output.Split('\n'), text => text.Contains("\"outcome\"", StringComparison.Ordinal)))!;
        Assert.Equal(("mutate", "Mutated", "Injected", "research"), ((string)line["webhook"]!, (string)line["outcome"]!, (string)line["reason"]!, (string)line["namespace"]!));
    }

    /// <summary>The host would keep a line, with what it is about, where the operator does not look for it.</summary>
    [Fact]
    public async Task Neither_a_review_nor_a_refusal_goes_through_the_host_s_log()
    {
        await using var worker = await RunningWorker.StartAsync(package.Folder, Anonymous);
        Assert.Equal(200, (await worker.Host.SendAsync("POST", "/hooks/x/mutate", Requests.Sample))!.Status);
        Assert.Equal(400, (await worker.Host.SendAsync("POST", "/hooks/x/mutate", "{"u8.ToArray()))!.Status);
        // A line is sent before the answer that it is about. What its library says while it starts may come at any time, and has no category.
        await worker.Process.PrintsAsync("\"status\":400");
        Assert.All(worker.Host.Logged, Assert.Empty);
    }

    [Fact]
    public async Task It_refuses_to_start_with_bad_settings_and_names_each()
    {
        await using var worker = RunningWorker.StartProcess(package.Folder, [], ("Lxcfs__Tokens", "short"), ("Lxcfs__Env", "cuda"), ("Lxcfs__Toknes", "x"));
        Assert.Equal(78, await worker.ExitAsync());
        foreach (var key in new[] { "Tokens", "Env", "Toknes" })
            Assert.Contains($"Lxcfs__{key}", worker.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("short", worker.Output, StringComparison.Ordinal);
        await using var open = RunningWorker.StartProcess(package.Folder, []);
        Assert.Equal(78, await open.ExitAsync());
        Assert.Contains("Lxcfs__AllowAnonymous", open.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_reach_the_collector_that_the_environment_names()
    {
        var port = Running.FreePort();
        using var collector = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        collector.Start();
        await using var worker = await RunningWorker.StartAsync(
            package.Folder, Anonymous, ("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{port}"));
        await worker.Host.SendAsync("POST", "/hooks/x/mutate", Requests.Sample);
        Assert.DoesNotContain("research", await OtlpTests.ReceiveAsync(collector, "lxcfs.admission.responses", "lxcfs.admission.duration"), StringComparison.Ordinal);
    }

    /// <summary>Without extensions.json and the loader the host finds no function, and says nothing.</summary>
    [Fact]
    public void The_package_holds_exactly_these_files() => Assert.Equal(
        File.ReadAllLines(Path.Combine(Repository.TestData, "worker-package.txt")),
        Directory.GetFiles(package.Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(package.Folder, path)).Order(StringComparer.Ordinal));
}
