namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>The script without Azure: the API server calls the functions by their Service.</summary>
public sealed class ServiceTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task Without_Azure_a_cluster_serves_itself_and_is_left_as_it_was()
    {
        installation.Need();
        (await installation.KubectlAsync("apply --filename -", Repository.Read("tests/Infra.Tests/TestData/crds/cert-manager.yaml"))).Succeeded();
        (await installation.KubectlAsync("wait --for=condition=Established --timeout=60s crd --all")).Succeeded();
        await using var players = new ServicePlayers(installation.Plane.CreateClient(), installation.Executable, installation.State);

        await SucceedsAsync("up --mode service --timeout 30");
        await installation.KubectlAsync("create namespace team");
        (await installation.DeployAsync("label team")).Succeeded();
        Assert.Contains("lxcfs-proc-meminfo", await installation.VolumesOfNewPodAsync("team"), StringComparison.Ordinal);

        // What cert-manager has filled in stays, and the mode is remembered.
        await SucceedsAsync("up --timeout 30");
        Assert.Contains("lxcfs-proc-meminfo", await installation.VolumesOfNewPodAsync("team"), StringComparison.Ordinal);
        Assert.Contains("service lxcfs-functions/lxcfs-functions", await SucceedsAsync("status"), StringComparison.Ordinal);

        await SucceedsAsync("down --timeout 30");
        Assert.DoesNotContain("lxcfs-proc-meminfo", await installation.VolumesOfNewPodAsync("team"), StringComparison.Ordinal);
        var left = await installation.KubectlAsync(
            "get mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles --selector app.kubernetes.io/part-of=lxcfs-functions --output name");
        Assert.Equal("", left.Succeeded());
        Assert.Equal("", (await installation.KubectlAsync("get namespaces lxcfs-functions lxcfs-system --ignore-not-found --output name")).Succeeded());
    }

    private async Task<string> SucceedsAsync(string arguments)
    {
        var output = (await installation.DeployAsync(arguments)).Succeeded();
        Assert.DoesNotContain("az ", installation.TakeCalls(), StringComparison.Ordinal);
        return output;
    }
}
