using System.Text.Json.Nodes;
using LxcfsNode.Tests.Rig;

namespace LxcfsNode.Tests;

/// <summary>What explain says of a container, against what its programs say there.</summary>
public sealed class ExplainTests(ProgramsNode programsNode) : IClassFixture<ProgramsNode>
{
    /// <summary>The guest, which has cgroup v2, has too little memory for the programs.</summary>
    private const string Untried = "Node.js, cgroup v2: os.availableParallelism()";

    [Theory]
    [InlineData("view", "")]
    [InlineData("go-memory", "", """
        { "name": "GOMEMLIMIT", "value": "200MiB" }
        """)]
    [InlineData("profiles", """
        "lxcfs-admission-webhook.raids-lab.github.io/env": "omp,go,java"
        """)]
    [InlineData("opted-out", """
        "lxcfs-admission-webhook.raids-lab.github.io/mutate": "false"
        """)]
    public async Task Every_row_is_what_its_command_shows(string name, string annotation, string variable = "")
    {
        Assert.SkipWhen(Node.IsGuest, "the guest has too little memory for the programs");
        var node = await programsNode.StartedAsync();
        var shape = await NodeShape.OfAsync(node);
        var manifest = Path.Combine(node.Folder, $"{name}.json");
        await File.WriteAllTextAsync(manifest, Manifest(name, annotation, variable), TestContext.Current.CancellationToken);

        var explained = await FunctionsAsync(
            node, "explain", "-f", manifest, "--json", "--node-cpus", $"{shape.Cpus}", "--node-memory", $"{shape.Kilobytes}Ki");
        var rows = JsonNode.Parse(explained)!["documents"]![0]!["containers"]![0]!["rows"]!.AsArray();
        var pod = JsonNode.Parse(await FunctionsAsync(node, "inject", "-f", manifest))!;
        var container = await ProgramsContainer.StartAsync(node, name, pod);
        var privileged = await ProgramsContainer.StartAsync(node, $"{name}-privileged", pod, isPrivileged: true);

        Assert.NotEmpty(rows);
        var wrong = new List<string>();
        foreach (var row in rows.Where(row => (string)row!["command"]! != Untried))
        {
            var command = (string)row!["command"]!;
            Assert.True(Programs.All.TryGetValue(command, out var program), $"no program here is the one of '{command}'");
            var output = await (program.IsPrivileged ? privileged : container).ExecAsync(program.Arguments);
            var shown = program.Read(output, shape);
            if ((string)row["container"]! != shown)
                wrong.Add($"{command}: explain says {row["container"]}, it shows {shown}: {output}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>What explain tells those to do who run containers in one.</summary>
    [Fact]
    public async Task A_container_in_a_container_sees_the_limit_when_the_file_is_mounted_there_again()
    {
        Assert.SkipWhen(Node.IsGuest, "the guest has too little memory for the programs");
        var node = await programsNode.StartedAsync();
        var manifest = Path.Combine(node.Folder, "nested.json");
        await File.WriteAllTextAsync(manifest, Manifest("nested", "", ""), TestContext.Current.CancellationToken);
        var pod = JsonNode.Parse(await FunctionsAsync(node, "inject", "-f", manifest))!;
        var container = await ProgramsContainer.StartAsync(node, "nested", pod, isPrivileged: true);

        var seen = await container.ExecAsync("/programs/nested", "/proc/meminfo", "--", "cat", "/proc/meminfo");

        Assert.Contains($"MemTotal:         {Container.MemoryKilobytes} kB\n", seen, StringComparison.Ordinal);
    }

    private static Task<string> FunctionsAsync(Node node, params string[] arguments) => Command.RunAsync(
        "env", [$"Lxcfs__Root={node.Root}", Path.Combine(Artifacts.Folder, "..", "package", "lxcfs-functions"), .. arguments]);

    private static string Manifest(string name, string annotation, string variable) => $$"""
        {
          "apiVersion": "v1", "kind": "Pod",
          "metadata": { "name": "{{name}}", "annotations": { {{annotation}} } },
          "spec": { "containers": [ { "name": "app", "image": "programs", "env": [ {{variable}} ], "resources": { "limits": { "cpu": "{{Container.Cpus}}", "memory": "{{Container.MemoryKilobytes}}Ki" } } } ] }
        }
        """;
}
