namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>The script as it is, against a real API server and the real functions; only Azure and the nodes are played.</summary>
public sealed class DeployTests(Installation installation) : IClassFixture<Installation>
{
    private const string Up = "up --location westeurope --package infra/deploy.sh --timeout 20";

    [Fact]
    public async Task From_nothing_to_a_labelled_namespace_through_a_rotation_and_back()
    {
        await SucceedsAsync(Up, "up");
        Assert.Single(installation.Tokens.Split(','));
        var first = installation.Tokens;

        await SucceedsAsync(Up, "up-again");
        Assert.Equal(first, installation.Tokens);

        await installation.KubectlAsync("create namespace team");
        (await installation.DeployAsync("label team")).Succeeded();
        Assert.Contains("lxcfs-proc-meminfo", await installation.VolumesOfNewPodAsync("team"), StringComparison.Ordinal);
        (await installation.DeployAsync("label team --remove")).Succeeded();
        Assert.DoesNotContain("lxcfs-proc-meminfo", await installation.VolumesOfNewPodAsync("team"), StringComparison.Ordinal);
        installation.TakeCalls();

        await SucceedsAsync("rotate-token --timeout 20", "rotate-token");
        Assert.NotEqual(first, installation.Tokens);
        Assert.Single(installation.Tokens.Split(','));
        (await installation.DeployAsync("verify --timeout 20")).Succeeded();

        var status = (await installation.DeployAsync("status")).Succeeded();
        Assert.Contains("1 of 1 nodes ready", status, StringComparison.Ordinal);
        Assert.Contains("answers 200 to a review", status, StringComparison.Ordinal);
        Assert.DoesNotContain(installation.Tokens, status, StringComparison.Ordinal);
        installation.TakeCalls();

        await SucceedsAsync("down --timeout 20", "down");
        var left = await installation.KubectlAsync(
            "get mutatingwebhookconfigurations,validatingwebhookconfigurations,daemonsets,pods --all-namespaces --output name");
        Assert.Equal("", left.Succeeded());
        Assert.False(File.Exists(installation.Checkout.PathOf("infra/kustomize/overlays/url/webhook.env")));
        await SucceedsAsync("down --timeout 20", "down-again");
    }

    private async Task SucceedsAsync(string arguments, string golden)
    {
        var run = await installation.DeployAsync(arguments);
        run.Succeeded();
        Assert.DoesNotContain("Warning", run.Error, StringComparison.Ordinal);
        var calls = installation.TakeCalls();
        Golden.Compare($"deploy/{golden}.txt", calls);
        if (installation.Tokens.Length > 0)
            Assert.All(installation.Tokens.Split(','), token => Assert.DoesNotContain(token, run.Output + run.Error + calls, StringComparison.Ordinal));
    }
}
