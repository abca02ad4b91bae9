using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LxcfsAgent.Plan;

namespace LxcfsAgent.Tests.Plans;

/// <summary>
/// A case of the planner: a folder with what is seen, as far as it differs from <c>defaults.json</c> (RFC 7386), and what is planned.
/// Times are in seconds.
/// </summary>
internal sealed record PlanCase(string Name)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(), new SecondsConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Modify } },
    };

    /// <summary>What every scan has that says nothing of it.</summary>
    private static readonly JsonObject PlainScan = JsonNode.Parse(
        """{"containers":[],"summary":{"namespaces":1,"foreignNamespaces":0,"foreignExamples":[],"nodeDevices":["0:50"],"unreadable":[],"tooLong":[],"complete":true}}""")!.AsObject();

    public static string Root { get; } = Path.Combine(
        typeof(PlanCase).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!,
        "tests/LxcfsAgent.Tests/TestData/plans");

    public static IReadOnlyList<PlanCase> All { get; } =
        [.. Directory.EnumerateDirectories(Root).Select(folder => new PlanCase(Path.GetFileName(folder)!)).OrderBy(one => one.Name, StringComparer.Ordinal)];

    public string SnapshotFile => Path.Combine(Root, Name, "snapshot.json");

    public string PlanFile => Path.Combine(Root, Name, "plan.json");

    public NodeSnapshot Snapshot()
    {
        var whole = Merge(JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "defaults.json"))), JsonNode.Parse(File.ReadAllText(SnapshotFile)))!.AsObject();
        if (whole["scan"] is JsonObject scan)
        {
            scan = Merge(PlainScan.DeepClone(), scan)!.AsObject();
            whole["scan"] = scan;
            foreach (var file in scan["containers"]!.AsArray().SelectMany(container => container!["files"]?.AsArray() ?? []))
                file!["path"] ??= file["target"]!.DeepClone();
        }

        return whole.Deserialize<NodeSnapshot>(Options)!;
    }

    public static string Text(NodePlan plan) => JsonSerializer.Serialize(plan, Options) + "\n";

    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return patch?.DeepClone();
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = Merge(result[name]?.DeepClone(), value);
        }

        return result;
    }

    private static void Modify(JsonTypeInfo info)
    {
        foreach (var property in info.Properties.ToList())
        {
            if (property.PropertyType == typeof(Phase))
                property.ShouldSerialize = (_, _) => true;
            if (info.Type.IsAssignableTo(typeof(NodeAction)) && property.Name == "key")
                info.Properties.Remove(property);
        }
    }

    private sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(value.TotalSeconds);
    }
}
