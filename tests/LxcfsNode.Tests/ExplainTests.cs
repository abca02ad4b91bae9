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
    [InlineData("profiles", """
        "lxcfs-admission-webhook.raids-lab.github.io/env": "omp,go,java"
        """)]
    [InlineData("opted-out", """
        "lxcfs-admission-webhook.raids-lab.github.io/mutate": "false"
        """)]
    public async Task Every_row_is_what_its_command_shows(string name, string annotation)
    {
        Assert.SkipWhen(Node.IsGuest, "the guest has too little memory for the programs");
        var node = await programsNode.StartedAsync();
        var shape = await NodeShape.OfAsync(node);
        var manifest = Path.Combine(node.Folder, $"{name}.json");
        await File.WriteAllTextAsync(manifest, Manifest(name, annotation), TestContext.Current.CancellationToken);

        var explained = await FunctionsAsync(
            node, "explain", "-f", manifest, "--json", "--node-cpus", $"{shape.Cpus}", "--node-memory", $"{shape.Kilobytes}Ki");
        var rows = JsonNode.Parse(explained)!["documents"]![0]!["containers"]![0]!["rows"]!.AsArray();
        var pod = JsonNode.Parse(await FunctionsAsync(node, "inject", "-f", manifest))!;
        var container = await ProgramsContainer.StartAsync(node, name, pod);

        Assert.NotEmpty(rows);
        foreach (var row in rows.Where(row => (string)row!["command"]! != Untried))
        {
            var command = (string)row!["command"]!;
            Assert.True(Programs.All.TryGetValue(command, out var program), $"no program here is the one of '{command}'");
            var output = await container.ExecAsync(program.Arguments);
            var shown = program.Read(output, shape);
            Assert.True((string)row["container"]! == shown, $"{command}: explain says {row["container"]}, it shows {shown}: {output}");
        }
    }

    private static Task<string> FunctionsAsync(Node node, params string[] arguments) => Command.RunAsync(
        "env", [$"Lxcfs__Root={node.Root}", Path.Combine(Artifacts.Folder, "..", "package", "lxcfs-functions"), .. arguments]);

    private static string Manifest(string name, string annotation) => $$"""
        {
          "apiVersion": "v1", "kind": "Pod",
          "metadata": { "name": "{{name}}", "annotations": { {{annotation}} } },
          "spec": { "containers": [ { "name": "app", "image": "programs", "resources": { "limits": { "cpu": "{{Container.Cpus}}", "memory": "{{Container.MemoryKilobytes}}Ki" } } } ] }
        }
        """;
}
