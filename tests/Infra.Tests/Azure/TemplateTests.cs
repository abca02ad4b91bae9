using System.Text.Json.Nodes;

namespace LxcfsFunctions.Infra.Tests.Azure;

/// <summary>What a compiler lets pass: strings that only Azure would refuse, or that would open a door.</summary>
public sealed class TemplateTests(Template template) : IClassFixture<Template>
{
    /// <summary>
    /// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles: the least that each holder needs, by the
    /// type of what it is given on.
    /// </summary>
    private static readonly (string Role, string Scope)[] Roles =
    [
        ("3913510d-42f4-4e42-8a64-420c390055eb", "Microsoft.Insights/components"),
        ("4633458b-17de-408a-b875-0445b86b69e6", "Microsoft.KeyVault/vaults/secrets"),
        ("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Microsoft.Storage/storageAccounts"),
        ("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Microsoft.KeyVault/vaults"),
    ];

    private JsonNode App => template.One("Microsoft.Web/sites")["properties"]!;

    private JsonNode Runtime => App["functionAppConfig"]!;

    [Fact]
    public void The_plan_is_flex_consumption_and_the_runtime_is_the_one_chosen()
    {
        var plan = template.One("Microsoft.Web/serverfarms");

        Assert.Equal(("FlexConsumption", "FC1"), (Text(plan["sku"]!["tier"]), Text(plan["sku"]!["name"])));
        Assert.True((bool?)plan["properties"]!["reserved"]);
        Assert.Equal("functionapp,linux", Text(template.One("Microsoft.Web/sites")["kind"]));
        Assert.Equal("[parameters('runtime')]", Text(Runtime["runtime"]!["name"]));
        Assert.DoesNotContain("FUNCTIONS_WORKER_RUNTIME", template.One("Microsoft.Web/sites").ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>Names and versions: az functionapp list-flexconsumption-runtimes.</summary>
    [Theory]
    [InlineData("main.snapshot.json", "dotnet-isolated", "10.0", 2048, true)]
    [InlineData("../tests/Infra.Tests/TestData/azure/custom.snapshot.json", "custom", "1.0", 512, false)]
    public void Version_memory_and_settings_follow_the_runtime(string snapshot, string name, string version, int memory, bool hasNoPlaceholders)
    {
        var resources = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Infra, snapshot)))!["predictedResources"]!.AsArray();
        var app = Assert.Single(resources, resource => Text(resource!["type"]) == "Microsoft.Web/sites")!["properties"]!;
        var config = app["functionAppConfig"]!;
        Assert.Equal((name, version), (Text(config["runtime"]!["name"]), Text(config["runtime"]!["version"])));
        Assert.Equal(memory, (int)config["scaleAndConcurrency"]!["instanceMemoryMB"]!);
        var placeholders = app["siteConfig"]!["appSettings"]!.AsArray().Where(setting => Text(setting!["name"]) == "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED");
        Assert.Equal(hasNoPlaceholders ? ["0"] : (string[])[], placeholders.Select(setting => Text(setting!["value"])));
        Assert.Equal(2, resources.Count(resource => Text(resource!["type"]) == "Microsoft.Insights/scheduledQueryRules"));
    }

    [Fact]
    public void An_instance_always_runs()
    {
        var ready = Assert.Single(Runtime["scaleAndConcurrency"]!["alwaysReady"]!.AsArray())!;

        Assert.Equal(("http", "[parameters('alwaysReadyInstances')]"), (Text(ready["name"]), Text(ready["instanceCount"])));
    }

    [Fact]
    public void Connections_are_encrypted_and_passwords_are_off()
    {
        Assert.True((bool?)App["httpsOnly"]);
        Assert.Equal(("1.3", "Disabled"), (Text(App["siteConfig"]!["minTlsVersion"]), Text(App["siteConfig"]!["ftpsState"])));
        Assert.Equal(
            ["[format('{0}/{1}', parameters('name'), 'ftp')]", "[format('{0}/{1}', parameters('name'), 'scm')]"],
            template.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Select(policy => Text(policy["name"])).Order());
        Assert.All(
            template.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies"), policy => Assert.False((bool?)policy["properties"]!["allow"]));
    }

    [Fact]
    public void Storage_and_telemetry_accept_no_key()
    {
        var storage = template.One("Microsoft.Storage/storageAccounts")["properties"]!;

        Assert.False((bool?)storage["allowSharedKeyAccess"]);
        Assert.False((bool?)storage["allowBlobPublicAccess"]);
        Assert.Equal("TLS1_2", Text(storage["minimumTlsVersion"]));
        Assert.True((bool?)template.One("Microsoft.Insights/components")["properties"]!["DisableLocalAuth"]);
        Assert.Equal("UserAssignedIdentity", Text(Runtime["deployment"]!["storage"]!["authentication"]!["type"]));
        Assert.DoesNotContain("listKeys", string.Concat(template.Resources.Select(resource => resource.ToJsonString())), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Each_role_is_one_that_exists_on_no_more_than_it_is_needed_for()
    {
        var assigned = template.All("Microsoft.Authorization/roleAssignments").Select(assignment =>
        {
            var role = Roles.Single(role => Text(assignment["properties"]!["roleDefinitionId"]) is var id
                && id.Contains("Microsoft.Authorization/roleDefinitions", StringComparison.Ordinal)
                && id.Contains(Variable(id), StringComparison.Ordinal) && RoleIds().Any(pair => pair.Name == Variable(id) && pair.Id == role.Role));
            var scope = Text(assignment["scope"]);
            return (role.Role, Scope: scope[(scope.IndexOf('\'', StringComparison.Ordinal) + 1)..scope.IndexOf("',", StringComparison.Ordinal)]);
        });

        Assert.Equal(Roles, assigned.Order());
    }

    [Fact]
    public void The_tokens_are_kept_in_the_vault_and_only_referred_to()
    {
        var vault = template.One("Microsoft.KeyVault/vaults")["properties"]!;

        Assert.True((bool?)vault["enableRbacAuthorization"]);
        Assert.Equal("[parameters('tokens')]", Text(template.One("Microsoft.KeyVault/vaults/secrets")["properties"]!["value"]));
        Assert.Equal("[parameters('identityId')]", Text(App["keyVaultReferenceIdentity"]));
        Assert.DoesNotContain("tokens", template.One("Microsoft.Web/sites").ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_outputs_are_what_the_registration_needs() => Assert.Equal(
        ["functionAppName", "hostName", "keyVaultName", "runtime", "tokensSecretName"], template.Outputs.AsObject().Select(pair => pair.Key).Order());

    [Fact]
    public void Failing_and_slow_admission_raise_an_alert()
    {
        var rules = template.One("Microsoft.Insights/scheduledQueryRules");

        Assert.Equal("rules", Text(rules["copy"]!["name"]));
        Assert.Equal(["failing-admission", "slow-admission"], JsonNode.Parse(Repository.Read("infra/main.snapshot.json"))!["predictedResources"]!.AsArray()
            .Where(resource => Text(resource!["type"]) == "Microsoft.Insights/scheduledQueryRules")
            .Select(resource => Text(resource!["properties"]!["displayName"])).Order());
    }

    private static string Text(JsonNode? node) => node?.ToString() ?? "";

    /// <summary>The variable in [subscriptionResourceId('...', variables('NAME'))].</summary>
    private static string Variable(string expression) => expression.Split("variables('")[^1].Split('\'')[0];

    private static IEnumerable<(string Name, string Id)> RoleIds() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Infra, "modules"), "*.bicep").SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("var ", StringComparison.Ordinal) && line.EndsWith('\''))
            .Select(line => line.Split(' ', '=', '\'')).Select(parts => (parts[1], parts[^2]));
}
