namespace LxcfsFunctions.Infra.Tests.Deploy;

[CollectionDefinition(nameof(Installation))]
public sealed class OneInstallation : ICollectionFixture<Installation>;

/// <summary>What must change nothing, or refuse at once.</summary>
[Collection(nameof(Installation))]
public sealed class QuietTests(Installation installation)
{
    [Theory]
    [InlineData("up --location westeurope --package infra/deploy.sh")]
    [InlineData("up --mode service")]
    [InlineData("register")]
    [InlineData("label default")]
    [InlineData("rotate-token")]
    [InlineData("down")]
    public async Task A_dry_run_tells_and_changes_nothing(string command)
    {
        var before = await installation.ObjectsAsync();
        installation.TakeCalls();

        var run = await installation.DeployAsync($"{command} --dry-run");

        Assert.Contains("would ", run.Succeeded(), StringComparison.Ordinal);
        Assert.All(
            installation.TakeCalls().Split('\n', StringSplitOptions.RemoveEmptyEntries),
            call => Assert.Matches("^az (account show|group (exists|show)|keyvault list|ad signed-in-user show|rest --method get|stack group (show|list)) ", call));
        Assert.Equal(before, await installation.ObjectsAsync());
        Assert.Equal("", installation.Tokens);
        Assert.False(Directory.Exists(installation.Checkout.PathOf("infra/kustomize/local")));
        Assert.False(File.Exists(installation.Checkout.PathOf("infra/kustomize/overlays/url/webhook.env")));
    }

    [Theory]
    [InlineData("up --package none.zip", 1, "dotnet publish functions")]
    [InlineData("up --package infra/deploy.sh", 1, "--location")]
    [InlineData("up --mode elsewhere", 2, "--mode is url or service")]
    [InlineData("up --component nothing", 2, "no component nothing")]
    [InlineData("register --image lxcfs-agent", 2, "NAME=REFERENCE")]
    [InlineData("register", 1, "infra/deploy.sh up comes first")]
    [InlineData("rotate-token --mode service", 1, "no token")]
    [InlineData("label kube-system", 1, "never touched")]
    [InlineData("label absent", 1, "no namespace absent: kubectl create namespace absent")]
    [InlineData("label", 2, "one namespace")]
    [InlineData("dwon", 2, "unknown command dwon")]
    [InlineData("lable default", 2, "unknown command lable")]
    [InlineData("verify", 1, "nothing is registered in this cluster: infra/deploy.sh up")]
    [InlineData("up --dryrun", 2, "unknown option --dryrun")]
    public async Task What_cannot_work_says_why(string command, int exitCode, string message)
    {
        var run = await installation.DeployAsync(command);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_is_too_old_is_told_so_before_anything_is_changed()
    {
        installation.Need();
        var file = installation.Checkout.PathOf("infra/lib/installation.sh");
        var adapted = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, adapted.Replace("oldest_minor=20\n", "oldest_minor=25\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var before = await installation.ObjectsAsync();

        var run = await installation.DeployAsync("up --location westeurope --package infra/deploy.sh");
        var dry = await installation.DeployAsync("up --mode service --dry-run");
        await File.WriteAllTextAsync(file, adapted, TestContext.Current.CancellationToken);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FAILED: Kubernetes 1.25 or later is needed, and this cluster has 1.20; nothing was changed\n", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"would stop: mode service needs cert-manager \(https://\S+\); Kubernetes 1\.25 or later is needed, and this cluster has 1\.20\n", dry.Succeeded());
        Assert.Equal(before, await installation.ObjectsAsync());
    }

    [Fact]
    public async Task A_namespace_may_be_labelled_before_anything_is_registered_and_hears_of_it()
    {
        (await installation.KubectlAsync("create namespace early")).Succeeded();

        Assert.Contains("nothing is registered in this cluster yet", (await installation.DeployAsync("label early")).Succeeded(), StringComparison.Ordinal);
        // Other classes look at this cluster too.
        (await installation.DeployAsync("label early --remove")).Succeeded();
    }

    [Fact]
    public async Task A_namespace_whose_level_forbids_the_files_is_not_labelled()
    {
        (await installation.KubectlAsync("create namespace strict")).Succeeded();
        (await installation.KubectlAsync("label namespace strict pod-security.kubernetes.io/enforce=baseline")).Succeeded();

        Assert.Contains("forbids hostPath", (await installation.DeployAsync("label strict")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_tools_are_named_at_once()
    {
        installation.Need();
        var tools = Directory.CreateDirectory(installation.Checkout.PathOf("tools")).FullName;
        foreach (var tool in (string[])["bash", "dirname", "grep", "tr"])
            File.CreateSymbolicLink(Path.Combine(tools, tool), $"/usr/bin/{tool}");

        var run = await Command.RunAsync(
            "/usr/bin/bash", [installation.Checkout.PathOf("infra/deploy.sh"), "up"], new Dictionary<string, string> { ["PATH"] = tools });

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("have to be installed: az kubectl curl openssl; without Azure: --mode service", run.Error, StringComparison.Ordinal);
    }
}
