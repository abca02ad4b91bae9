namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>Which package goes to Azure, and that the choice stays what it was.</summary>
public sealed class RuntimeTests(Installation installation) : IClassFixture<Installation>
{
    private const string Worker = "dotnet-isolated lxcfs-functions-worker.zip";
    private const string Handler = "custom lxcfs-functions.zip";

    [Fact]
    public async Task Up_publishes_the_worker_at_first_the_custom_handler_when_asked_and_then_what_was_chosen_last()
    {
        Directory.CreateDirectory(installation.Checkout.PathOf("artifacts"));
        foreach (var package in new[] { "lxcfs-functions.zip", "lxcfs-functions-worker.zip" })
            await File.WriteAllTextAsync(installation.Checkout.PathOf($"artifacts/{package}"), "", TestContext.Current.CancellationToken);

        Assert.Equal(Worker, await UpAsync("", "up-worker"));
        Assert.Equal(Handler, await UpAsync(" --runtime custom", "up-custom"));
        Assert.Equal(Handler, await UpAsync(""));
        Assert.Equal(Handler, await UpAsync(" --image lxcfs-agent=reg/agent:2"));
        Assert.Equal("reg/agent:2", (await installation.KubectlAsync("get daemonset lxcfs --namespace lxcfs-system --output jsonpath={.spec.template.spec.containers[0].image}")).Succeeded());
        Assert.Equal(Worker, await UpAsync(" --runtime dotnet-isolated"));
        Assert.Equal(Worker, await UpAsync(""));

        // A deployment of before there was a choice.
        await File.WriteAllTextAsync(Path.Combine(installation.State, "runtime"), "\n", TestContext.Current.CancellationToken);
        Assert.Equal(Handler, await UpAsync(""));

        // A first deployment that failed leaves a stack without outputs, and chose nothing.
        await File.WriteAllTextAsync(Path.Combine(installation.State, "failed"), "", TestContext.Current.CancellationToken);
        Assert.Equal(Worker, await UpAsync(""));
    }

    [Fact]
    public async Task Another_name_is_refused_before_anything_is_done()
    {
        var run = await installation.DeployAsync("up --runtime dotnet");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("dotnet-isolated or custom", run.Error, StringComparison.Ordinal);
        Assert.Equal("", installation.TakeCalls());
    }

    private async Task<string> UpAsync(string option, string? golden = null)
    {
        (await installation.DeployAsync($"up --location westeurope --timeout 20{option}")).Succeeded();
        var calls = installation.TakeCalls();
        if (golden is not null)
            Golden.Compare($"deploy/{golden}.txt", calls);
        var published = Assert.Single(calls.Split('\n'), line => line.Contains("config-zip", StringComparison.Ordinal));
        var runtime = await File.ReadAllTextAsync(Path.Combine(installation.State, "runtime"), TestContext.Current.CancellationToken);
        return $"{runtime.Trim()} {published.Split("ROOT/artifacts/")[1].Split(' ')[0]}";
    }
}
