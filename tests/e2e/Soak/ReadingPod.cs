using System.Text.Json.Nodes;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>A pod whose containers read all the time, each with limits of its own. What makes it: chance, from the seed.</summary>
internal sealed record ReadingPod(string Name, IReadOnlyList<ReadingContainer> Containers)
{
    private const int MostContainers = 2;

    public static ReadingPod Any(Random random, int number) => new($"reading-{number}", [
        .. Enumerable.Range(0, random.Next(1, MostContainers + 1)).Select(index => ReadingContainer.Any(random, $"app-{index}"))]);

    /// <summary>As its user writes it.</summary>
    /// <param name="report">The node's file for a container's report.</param>
    public JsonObject ToJson(Func<ReadingContainer, string> report) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = Name },
        ["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray([.. Containers.Select(container => container.ToJson())]),
            ["volumes"] = new JsonArray([.. Containers.Select(container => new JsonObject
            {
                ["name"] = $"report-{container.Name}",
                ["hostPath"] = new JsonObject { ["path"] = report(container), ["type"] = "File" },
            })]),
        },
    };
}

internal sealed record ReadingContainer(string Name, string Image, int Mebibytes, bool IsReadOnly)
{
    /// <summary>Microseconds between two rounds; some ten containers read at the same time, on a machine of two processors.</summary>
    private const int Pause = 100_000;

    private static readonly int[] Limits = [64, 96, 128, 256, 512];

    public static ReadingContainer Any(Random random, string name) =>
        new(name, random.Next(2) == 0 ? "busybox" : "distroless", Limits[random.Next(Limits.Length)], random.Next(2) == 0);

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["image"] = $"localhost/{Image}:test",
        ["command"] = new JsonArray("/lxcfs-reader"),
        ["args"] = new JsonArray("/report", $"{Mebibytes * 1024}", "1", $"{Pause}"),
        ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpu"] = "1", ["memory"] = $"{Mebibytes}Mi" } },
        ["securityContext"] = new JsonObject { ["readOnlyRootFilesystem"] = IsReadOnly },
        ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = $"report-{Name}", ["mountPath"] = "/report" }),
    };
}
