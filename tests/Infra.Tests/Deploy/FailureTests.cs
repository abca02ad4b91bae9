namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>Every call that a command makes fails once, on the state that the failure before has left.</summary>
public sealed class FailureTests(Installation installation) : IClassFixture<Installation>
{
    private const string Up = "up --location westeurope --package infra/deploy.sh --timeout 10";

    [Fact]
    public async Task A_failure_at_any_step_is_told_and_the_same_command_goes_on_from_there()
    {
        await FailsAtEachStepAsync(Up, "up", "up-again");
        (await installation.DeployAsync(Up)).Succeeded();
        var token = Assert.Single(installation.Tokens.Split(','));

        await FailsAtEachStepAsync("rotate-token --timeout 10", "rotate-token", afterwards: RegisteredTokenIsAcceptedAsync);
        (await installation.DeployAsync("rotate-token --timeout 10")).Succeeded();
        Assert.NotEqual(token, Assert.Single(installation.Tokens.Split(',')));
        await RegisteredTokenIsAcceptedAsync();

        await FailsAtEachStepAsync("down --timeout 10", "down");
        (await installation.DeployAsync("down --timeout 10")).Succeeded();
        Assert.Equal("", installation.Tokens);
        Assert.Equal("", (await installation.KubectlAsync("get mutatingwebhookconfigurations,daemonsets,pods --all-namespaces --output name")).Succeeded());
    }

    private async Task FailsAtEachStepAsync(string arguments, string golden, string? more = null, Func<Task>? afterwards = null)
    {
        var calls = Lines(golden).Concat(more is null ? [] : Lines(more)).Distinct()
            .Select(line => line.Replace("--timeout 20s", "--timeout 10s", StringComparison.Ordinal));
        foreach (var call in calls)
        {
            // A token that can't be read is asked for again until the time is up.
            var limited = call.Contains("keyvault secret show", StringComparison.Ordinal) || call.Contains("--dry-run=server", StringComparison.Ordinal)
                ? arguments.Replace("--timeout 10", "--timeout 1", StringComparison.Ordinal) : arguments;
            var run = await installation.DeployAsync(limited, failing: call);

            // The namespace of the check is only tidied up by the last call of all.
            if (call.StartsWith("kubectl delete namespace lxcfs-check-N", StringComparison.Ordinal))
                run.Succeeded();
            else
                Assert.True(
                    run.ExitCode == 1 && run.Error.Contains("run the same again", StringComparison.Ordinal),
                    $"{call} failed, and the script ended with {run.ExitCode}\n{run.Output}{run.Error}");
            if (afterwards is not null)
                await afterwards();
        }
    }

    private async Task RegisteredTokenIsAcceptedAsync()
    {
        await installation.KubectlAsync("create namespace team");
        await installation.KubectlAsync("label namespace team lxcfs-admission-webhook=enabled");
        Assert.Contains("lxcfs-proc-meminfo", await installation.VolumesOfNewPodAsync("team"), StringComparison.Ordinal);
    }

    private static string[] Lines(string golden) => File.ReadAllLines(Path.Combine(Repository.TestData, $"deploy/{golden}.txt"));
}
