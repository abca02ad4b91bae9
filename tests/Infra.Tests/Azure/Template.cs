using System.Text.Json.Nodes;

namespace LxcfsFunctions.Infra.Tests.Azure;

/// <summary>The compiled template, its modules' resources among its own.</summary>
public sealed class Template : IAsyncLifetime
{
    private readonly List<JsonObject> _resources = [];

    internal IReadOnlyList<JsonObject> Resources => _resources;

    internal JsonNode Outputs { get; private set; } = new JsonObject();

    public async ValueTask InitializeAsync()
    {
        var built = await Command.RunAsync(Repository.Bicep, ["build", "infra/main.bicep", "--stdout"]);
        var template = JsonNode.Parse(built.Succeeded())!.AsObject();
        Outputs = template["outputs"]!;
        Collect(template);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal JsonObject One(string type) => Assert.Single(All(type));

    internal IEnumerable<JsonObject> All(string type) => _resources.Where(resource => (string?)resource["type"] == type);

    private void Collect(JsonObject template)
    {
        var resources = template["resources"] switch
        {
            JsonObject named => named.Select(pair => pair.Value!),
            JsonArray listed => listed.Select(item => item!),
            _ => [],
        };
        foreach (var resource in resources.Select(item => item.AsObject()))
        {
            if ((string?)resource["type"] == "Microsoft.Resources/deployments")
                Collect(resource["properties"]!["template"]!.AsObject());
            else
                _resources.Add(resource);
        }
    }
}
