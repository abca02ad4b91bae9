namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>From a namespace that enforces a level to its pods' annotation, by the script and nothing else. Nodes are played by their label.</summary>
public sealed class NodeDeliveryTests(Installation installation) : IClassFixture<Installation>
{
    private const string Delivers = "lxcfs-admission-webhook.raids-lab.github.io/delivers";
    private const string Deliver = @"{.metadata.annotations.lxcfs-admission-webhook\.raids-lab\.github\.io/deliver}";

    [Fact]
    public async Task A_namespace_that_enforces_a_level_is_served_with_the_component_and_left_alone_without()
    {
        installation.Need();
        await installation.AddOperatorsAsync();
        await using var players = new ServicePlayers(installation.Plane.CreateClient(), installation.Executable, installation.State);
        (await installation.KubectlAsync("apply --filename -", "{apiVersion: v1, kind: Node, metadata: {name: node-a}}")).Succeeded();

        // No pod could be scheduled while no node brings files.
        var waiting = await installation.DeployAsync("up --mode service --component node-delivery --timeout 15 --yes");
        Assert.Equal((1, true), (waiting.ExitCode, waiting.Error.Contains($"a node carries the label {Delivers} (does its runtime have NRI?", StringComparison.Ordinal)));
        (await installation.KubectlAsync($"label node node-a {Delivers}=true")).Succeeded();
        var up = await SucceedsAsync("up --timeout 30");
        Assert.Contains("pods of labelled namespaces, privileged, get the files", up, StringComparison.Ordinal);
        Assert.Contains("pods of labelled namespaces, restricted, get the files", up, StringComparison.Ordinal);
        Assert.Equal("", (await installation.KubectlAsync("get namespaces --selector lxcfs-admission-webhook=enabled --output name")).Succeeded());

        (await installation.KubectlAsync("create namespace strict")).Succeeded();
        (await installation.KubectlAsync("label namespace strict pod-security.kubernetes.io/enforce=restricted")).Succeeded();
        await SucceedsAsync("label strict");
        await installation.MakePodAsync("strict", "app");
        Assert.Equal("node", await OfPodAsync(Deliver));
        Assert.Equal("", await OfPodAsync("{.spec.volumes[?(@.hostPath)].name}"));
        Assert.Contains(Delivers, await OfPodAsync("{.spec.affinity}"), StringComparison.Ordinal);
        Assert.Contains("0 pods mount files of LXCFS, and 1 get them from their node", await SucceedsAsync("status"), StringComparison.Ordinal);
        Assert.DoesNotContain("strict is labelled, but", await SucceedsAsync("check"), StringComparison.Ordinal);

        // Both components have one account and one policy.
        (await installation.KubectlAsync("label node node-a lxcfs-admission-webhook.raids-lab.github.io/ready=true")).Succeeded();
        await SucceedsAsync("register --component node-affinity --timeout 30");
        Assert.Contains("node-affinity node-delivery", await RememberedAsync(), StringComparison.Ordinal);
        await SucceedsAsync("register --without node-affinity --yes --timeout 30");
        Assert.EndsWith(" node-delivery", $" {await RememberedAsync()}", StringComparison.Ordinal);

        var gone = await SucceedsAsync("register --without node-delivery --yes --timeout 30");
        Assert.Contains("component node-delivery: pods that can't have hostPath get no files any more", gone, StringComparison.Ordinal);
        Assert.DoesNotContain("delivers", (await installation.KubectlAsync("get node node-a --output jsonpath={.metadata.labels}")).Succeeded(), StringComparison.Ordinal);
        Assert.Contains("forbids hostPath", (await installation.DeployAsync("label strict")).Error, StringComparison.Ordinal);

        // The runtime starts the containers of such a pod without the files, so it is in nobody's way.
        await SucceedsAsync("down --timeout 30");
    }

    [Theory]
    [InlineData("", "auto")]
    [InlineData("LXCFS_DELIVERY=node ", "node")]
    public async Task On_Azure_it_is_a_setting_of_the_app_that_up_passes_on(string environment, string delivery)
    {
        installation.Need();
        await installation.AddOperatorsAsync();
        const string Up = "infra/deploy.sh up --mode url --location westeurope --package infra/deploy.sh";

        await installation.ShellAsync($"{environment}{Up} --component node-delivery --timeout 2 --yes");
        Assert.Equal(delivery, Delivery());
        var refused = await installation.DeployAsync("register --without node-delivery --yes");
        Assert.Equal((2, true), (refused.ExitCode, refused.Error.Contains("node-delivery is a setting of the Functions app too: infra/deploy.sh up", StringComparison.Ordinal)));
        (await installation.ShellAsync($"{Up} --without node-delivery --timeout 20 --yes")).Succeeded();
        Assert.Equal("hostPath", Delivery());
        await SucceedsAsync("down --timeout 30");

        string Delivery() => File.ReadAllText(Path.Combine(installation.State, "delivery"));
    }

    private async Task<string> SucceedsAsync(string arguments) => (await installation.DeployAsync(arguments)).Succeeded();

    private async Task<string> OfPodAsync(string path) => (await installation.KubectlAsync($"get pod app --namespace strict --output jsonpath={path}")).Succeeded();

    private async Task<string> RememberedAsync() =>
        (await installation.KubectlAsync("get configmap lxcfs-installation --namespace lxcfs-system --output jsonpath={.data.components}")).Succeeded();
}
