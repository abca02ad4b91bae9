using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LxcfsAgent.Delivery;
using LxcfsAgent.Nri;
using LxcfsAgent.Tests.Plans;

namespace LxcfsAgent.Tests.Delivery;

/// <summary>
/// A case of what the node brings: a folder with what the runtime asks, as far as it differs from <c>defaults.json</c> (RFC 7386), and the
/// answer.
/// </summary>
internal sealed record DeliveryCase(string Name)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Root { get; } = Path.Combine(DocumentationTests.Repository, "tests/LxcfsAgent.Tests/TestData/delivery");

    public static IReadOnlyList<DeliveryCase> All { get; } =
        [.. Directory.EnumerateDirectories(Root).Select(folder => new DeliveryCase(Path.GetFileName(folder)!)).OrderBy(one => one.Name, StringComparer.Ordinal)];

    public string RequestFile => Path.Combine(Root, Name, "request.json");

    public string AnswerFile => Path.Combine(Root, Name, "answer.json");

    public DeliveryRequest Request => PlanCase.Merge(JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "defaults.json"))), JsonNode.Parse(File.ReadAllText(RequestFile)))!
        .Deserialize<DeliveryRequest>(Options)!;

    public static string Text(NriAdjustment answer) => JsonSerializer.Serialize(answer, Options) + "\n";
}

/// <summary>What is decided from.</summary>
internal sealed record DeliveryRequest(NriPod Pod, NriContainer Container, bool Serving, string Root)
{
    public NriAdjustment Decide() => DeliveryPolicy.Decide(Pod, Container, Root, Serving);
}
