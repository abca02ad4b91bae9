namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>The script without Azure: the API server calls the functions by their Service.</summary>
public sealed class ServiceTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task Without_Azure_a_cluster_serves_itself_and_is_left_as_it_was()
    {
        installation.Need();
        var without = await installation.DeployAsync("up --mode service --timeout 30");
        Assert.Equal((1, true), (without.ExitCode, without.Error.Contains("mode service needs cert-manager (https://cert-manager.io/docs/installation); nothing was changed", StringComparison.Ordinal)));
        Assert.All(["lxcfs-agent", "lxcfs-functions"], image => Assert.Contains($"no image is named for {image}, and none is published", without.Output, StringComparison.Ordinal));
        Assert.Equal("", (await installation.KubectlAsync("get namespaces lxcfs-functions lxcfs-system --ignore-not-found --output name")).Succeeded());
        installation.TakeCalls();
        await installation.AddOperatorsAsync();
        await using var players = new ServicePlayers(installation.Plane.CreateClient(), installation.Executable, installation.State);

        // As docs/installing.md prints it.
        await SucceedsAsync("up --mode service --image lxcfs-agent=REGISTRY/lxcfs-agent:1.0.0 --image lxcfs-functions=REGISTRY/lxcfs-functions:1.0.0 --timeout 30");
        await installation.KubectlAsync("create namespace team");
        (await installation.DeployAsync("label team")).Succeeded();
        Assert.Contains("lxcfs-proc-meminfo", await installation.VolumesOfNewPodAsync("team"), StringComparison.Ordinal);

        // What cert-manager has filled in stays, and the mode is remembered.
        Assert.DoesNotContain("no image is named", await SucceedsAsync("up --timeout 30"), StringComparison.Ordinal);
        Assert.Contains("lxcfs-proc-meminfo", await installation.VolumesOfNewPodAsync("team"), StringComparison.Ordinal);
        Assert.Contains("service lxcfs-functions/lxcfs-functions", await SucceedsAsync("status"), StringComparison.Ordinal);

        Assert.Contains("on node-a it saw 32768 kB of memory (limit: 32768 kB) and 1 CPUs (limit: 1)", await SucceedsAsync("verify --run --timeout 30"), StringComparison.Ordinal);
        installation.Controllers.Seen = "24683000 16";
        var wrong = await installation.DeployAsync("verify --run --timeout 30");
        Assert.Equal((1, true), (wrong.ExitCode, wrong.Error.Contains("on node-a a container does not see its limits", StringComparison.Ordinal)));
        // Its namespace goes, and the events with it: the script has to say what they said.
        installation.Controllers.Warning = "Failed to pull image \u001b[31mbusybox";
        var waits = await installation.DeployAsync("verify --run --timeout 3");
        installation.Controllers.Warning = "";
        await installation.DeleteChecksAsync();
        Assert.Contains("has run (--run-image names another image): not within 3 s\n   lxcfs-check: Failed: Failed to pull image [31mbusybox\n", waits.Error, StringComparison.Ordinal);

        // A pod that mounts the files is in the way; one that has ended is not.
        await installation.MakePodAsync("team", "job");
        var check = await SucceedsAsync("check");
        Assert.Contains("and 1 that this project has mutated", check, StringComparison.Ordinal);
        Assert.DoesNotContain("team/job", check, StringComparison.Ordinal);
        // A check's namespace goes without anybody waiting for it.
        (await installation.KubectlAsync(
            "create --filename -", "{apiVersion: v1, kind: Namespace, metadata: {name: lxcfs-check-1, labels: {lxcfs-admission-webhook: enabled}}}")).Succeeded();
        await installation.MakePodAsync("lxcfs-check-1", "waits");
        Assert.Contains("the pods of the last check are gone: not within 1 s", (await installation.DeployAsync("down --timeout 1")).Error, StringComparison.Ordinal);
        (await installation.KubectlAsync("delete pod waits --namespace lxcfs-check-1 --force --grace-period=0")).Succeeded();
        Assert.Contains("1 pods still mount files of LXCFS", (await installation.DeployAsync("down --timeout 30")).Error, StringComparison.Ordinal);
        await installation.EndPodAsync("team", "job");

        installation.Controllers.HoldsNamespaces = true;
        await SucceedsAsync("down --timeout 30");
        var tooSoon = await installation.DeployAsync("up --timeout 1");
        Assert.Contains("the namespaces of the last installation are gone: not within 1 s", tooSoon.Error, StringComparison.Ordinal);
        installation.Controllers.HoldsNamespaces = false;
        await SucceedsAsync("up --timeout 30");
        Assert.Contains("lxcfs-proc-meminfo", await installation.VolumesOfNewPodAsync("team"), StringComparison.Ordinal);
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
