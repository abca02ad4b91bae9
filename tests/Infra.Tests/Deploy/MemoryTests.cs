namespace LxcfsFunctions.Infra.Tests.Deploy;

/// <summary>An installation changes by what a call names and by nothing else: the state before, the call, the state after.</summary>
public sealed class MemoryTests(Installation installation) : IClassFixture<Installation>
{
    private const string Agent = "lxcfs-agent=reg/agent:1", Functions = "lxcfs-functions=reg/functions:1";

    /// <summary>Components and images of a registration of mode service, a call, its exit code, and the cluster afterwards.</summary>
    public static TheoryData<string, string, int, string> Calls => new()
    {
        // Another image: everything else stays.
        { $"--component enforce --image {Agent} --image {Functions}", "--image lxcfs-agent=reg/agent:2", 0,
            "service [enforce] [lxcfs-agent=reg/agent:2 lxcfs-functions=reg/functions:1] Fail rules 0 dashboards 0 runs reg/agent:2 reg/functions:1" },
        { $"--component enforce --image {Agent}", "--mode service", 0,
            "service [enforce] [lxcfs-agent=reg/agent:1] Fail rules 0 dashboards 0 runs reg/agent:1 lxcfs-functions:1.0.0" },
        // A component is added to those that are there, in the order that kustomize needs.
        { "--component alerts --component pod-opt-in", "--component dashboards --component enforce", 0,
            "service [enforce pod-opt-in alerts dashboards] [] Fail rules 2 dashboards 1 runs lxcfs-agent:1.0.0 lxcfs-functions:1.0.0" },
        // What goes is taken away in the cluster too.
        { "--component enforce --component alerts --component dashboards", "--without alerts --yes", 0,
            "service [enforce dashboards] [] Fail rules 0 dashboards 1 runs lxcfs-agent:1.0.0 lxcfs-functions:1.0.0" },
        { "--component enforce --component alerts", "--only --component dashboards --yes", 0,
            "service [dashboards] [] Ignore rules 0 dashboards 1 runs lxcfs-agent:1.0.0 lxcfs-functions:1.0.0" },
        { $"--component enforce --component alerts --image {Agent}", "--component none --yes", 0,
            "service [] [lxcfs-agent=reg/agent:1] Ignore rules 0 dashboards 0 runs reg/agent:1 lxcfs-functions:1.0.0" },
        // Nothing goes without a yes, and a rehearsal changes nothing.
        { "--component enforce --component alerts", "--only --component alerts", 2,
            "service [enforce alerts] [] Fail rules 2 dashboards 0 runs lxcfs-agent:1.0.0 lxcfs-functions:1.0.0" },
        { "--component enforce --component alerts", "--component none --dry-run", 0,
            "service [enforce alerts] [] Fail rules 2 dashboards 0 runs lxcfs-agent:1.0.0 lxcfs-functions:1.0.0" },
        { "--component enforce", "--mode url", 2,
            "service [enforce] [] Fail rules 0 dashboards 0 runs lxcfs-agent:1.0.0 lxcfs-functions:1.0.0" },
        // What the cluster can't have stops a call before it changes anything.
        { "--component enforce", "--component match-conditions --without enforce --yes", 1,
            "service [enforce] [] Fail rules 0 dashboards 0 runs lxcfs-agent:1.0.0 lxcfs-functions:1.0.0" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_changes_what_it_names_and_nothing_else(string before, string call, int exitCode, string after)
    {
        await StartAsync(before);

        var run = await installation.DeployAsync($"register {call} --timeout 20");

        Assert.True(run.ExitCode == exitCode, $"{run.ExitCode}\n{run.Output}{run.Error}");
        Assert.Equal(after, await StateAsync());
        foreach (var lost in (string[])["enforce", "alerts"])
        {
            // Whatever goes, or would go, is named.
            if (exitCode != 1 && before.Contains(lost, StringComparison.Ordinal) && (!after.Contains(lost, StringComparison.Ordinal) || call.Contains("none", StringComparison.Ordinal)))
                Assert.Contains($"component {lost}: ", run.Output, StringComparison.Ordinal);
        }
    }

    /// <summary>script(1) gives it a terminal, and types the answer.</summary>
    [Theory]
    [InlineData("y", 0, "service [] [] Ignore")]
    [InlineData("n", 2, "service [enforce] [] Fail")]
    [InlineData("", 2, "service [enforce] [] Fail")]
    public async Task At_a_terminal_nothing_is_switched_off_before_somebody_says_yes(string answer, int exitCode, string after)
    {
        await StartAsync("--component enforce");

        var run = await installation.ShellAsync($"echo '{answer}' | script -qec 'infra/deploy.sh register --without enforce --timeout 20' /dev/null");

        Assert.True(run.ExitCode == exitCode, $"{run.ExitCode}\n{run.Output}{run.Error}");
        Assert.Contains("component enforce: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("Go on? [y/N]", run.Output, StringComparison.Ordinal);
        Assert.Equal(exitCode == 2, run.Output.Contains("nothing was changed", StringComparison.Ordinal));
        Assert.StartsWith(after, await StateAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_checkout_knows_what_the_first_one_installed()
    {
        await StartAsync($"--component enforce --image {Agent}");
        Directory.Delete(Folder, recursive: true);

        (await installation.DeployAsync($"register --image {Functions} --timeout 20")).Succeeded();

        Assert.StartsWith($"service [enforce] [{Agent} {Functions}] Fail", await StateAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_installation_of_a_version_without_the_record_is_known_by_its_checkout()
    {
        await StartAsync("");
        (await installation.KubectlAsync("delete configmap lxcfs-installation --namespace lxcfs-system")).Succeeded();
        await File.WriteAllTextAsync(Overlay, """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            sortOptions:
              order: legacy
            resources:
              - ../overlays/service
            components:
              - ../components/enforce
              - ../components/alerts
            images:
              - name: lxcfs-agent
                newName: reg/agent
                newTag: "1"
              - name: lxcfs-functions
                newName: reg/functions
                digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

            """, TestContext.Current.CancellationToken);

        (await installation.DeployAsync("register --component dashboards --timeout 20")).Succeeded();

        Assert.Equal(
            "service [enforce alerts dashboards] [lxcfs-agent=reg/agent:1 lxcfs-functions=reg/functions@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef]"
            + " Fail rules 2 dashboards 1 runs reg/agent:1 reg/functions@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            await StateAsync());
    }

    [Fact]
    public async Task An_installation_that_nobody_remembers_is_changed_by_no_call_without_a_yes()
    {
        await StartAsync("--component enforce");
        Directory.Delete(Folder, recursive: true);
        (await installation.KubectlAsync("delete configmap lxcfs-installation --namespace lxcfs-system")).Succeeded();

        var refused = await installation.DeployAsync("register --mode service --timeout 20");

        Assert.True(refused.ExitCode == 2, $"{refused.ExitCode}\n{refused.Output}{refused.Error}");
        Assert.Contains("neither the cluster nor this checkout remembers it", refused.Output, StringComparison.Ordinal);
        Assert.Equal("Fail", await TextAsync("get validatingwebhookconfiguration lxcfs-functions --output jsonpath={.webhooks[0].failurePolicy}"));
        (await installation.DeployAsync("register --mode service --component enforce --yes --timeout 20")).Succeeded();
        Assert.StartsWith("service [enforce] [] Fail", await StateAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_overlay_that_somebody_has_edited_is_applied_as_it_is_and_never_written_over()
    {
        await StartAsync("--component enforce");
        var edited = await File.ReadAllTextAsync(Overlay, TestContext.Current.CancellationToken)
            + "patches:\n  - target: { kind: DaemonSet }\n    patch: |\n      - { op: add, path: /metadata/annotations, value: { mine: \"true\" } }\n";
        await File.WriteAllTextAsync(Overlay, edited, TestContext.Current.CancellationToken);

        var refused = await installation.DeployAsync("register --component alerts --timeout 20");
        Assert.Equal((2, true), (refused.ExitCode, refused.Error.Contains("has lines of your own (patches:)", StringComparison.Ordinal)));
        (await installation.DeployAsync("register --timeout 20")).Succeeded();

        Assert.Equal(edited, await File.ReadAllTextAsync(Overlay, TestContext.Current.CancellationToken));
        Assert.Equal("true", (await installation.KubectlAsync("get daemonset lxcfs --namespace lxcfs-system --output jsonpath={.metadata.annotations.mine}")).Succeeded());
    }

    [Fact]
    public async Task Node_affinity_is_done_when_a_node_has_the_label_and_takes_it_along_when_it_goes()
    {
        await StartAsync("");
        (await installation.KubectlAsync("apply --filename -", "{apiVersion: v1, kind: Node, metadata: {name: node-a}}")).Succeeded();

        var waiting = await installation.DeployAsync("register --component node-affinity --timeout 2");
        Assert.Contains("a node carries the label lxcfs-admission-webhook.raids-lab.github.io/ready", waiting.Error, StringComparison.Ordinal);
        (await installation.KubectlAsync("label node node-a lxcfs-admission-webhook.raids-lab.github.io/ready=true")).Succeeded();
        (await installation.DeployAsync("register --timeout 20")).Succeeded();
        Assert.StartsWith("service [node-affinity]", await StateAsync(), StringComparison.Ordinal);
        Assert.NotEqual("", await RoleAsync());

        (await installation.DeployAsync("register --without node-affinity --yes --timeout 20")).Succeeded();
        Assert.Equal("", await RoleAsync());
        Assert.DoesNotContain("/ready", (await installation.KubectlAsync("get node node-a --output jsonpath={.metadata.labels}")).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mode_that_is_left_takes_its_objects_along()
    {
        await StartAsync("--component pod-monitor");
        (await installation.DeployAsync("up --mode url --location westeurope --package infra/deploy.sh --yes --timeout 20")).Succeeded();

        Assert.StartsWith("url [pod-monitor]", await StateAsync(), StringComparison.Ordinal);
        Assert.Equal("", (await installation.KubectlAsync("get namespace lxcfs-functions --ignore-not-found --output name")).Succeeded());
        var refused = await installation.DeployAsync("register --component node-affinity");
        Assert.Equal((2, true), (refused.ExitCode, refused.Error.Contains("infra/deploy.sh up", StringComparison.Ordinal)));
    }

    private string Overlay => Path.Combine(Folder, "kustomization.yaml");

    private string Folder => installation.Checkout.PathOf("infra/kustomize/local");

    private Task<string> RoleAsync() => TextAsync("get clusterroles lxcfs-node-labeler --ignore-not-found --output name");

    /// <summary>A registration of mode service that has these, and nothing of the test before.</summary>
    private async Task StartAsync(string options)
    {
        await installation.AddOperatorsAsync();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        await TextAsync("delete configmap lxcfs-installation --namespace lxcfs-system --ignore-not-found");
        (await installation.DeployAsync($"register --mode service --yes --timeout 20 {options}".TrimEnd())).Succeeded();
    }

    private async Task<string> StateAsync()
    {
        var record = await TextAsync("get configmap lxcfs-installation --namespace lxcfs-system --output jsonpath={.data.mode}|[{.data.components}]|[{.data.images}]");
        var policy = await TextAsync("get validatingwebhookconfiguration lxcfs-functions --output jsonpath={.webhooks[0].failurePolicy}");
        var rules = await CountAsync("prometheusrules");
        var dashboards = await CountAsync("configmaps --selector grafana_dashboard=1");
        var agent = await TextAsync("get daemonset lxcfs --namespace lxcfs-system --output jsonpath={.spec.template.spec.containers[0].image}");
        var functions = await TextAsync("get deployments --namespace lxcfs-functions --output jsonpath={.items[*].spec.template.spec.containers[0].image}");
        return $"{record.Replace('|', ' ')} {policy} rules {rules} dashboards {dashboards} runs {agent} {functions}";
    }

    private async Task<int> CountAsync(string kind) =>
        (await TextAsync($"get {kind} --namespace lxcfs-system --output name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    private async Task<string> TextAsync(string arguments) => (await installation.KubectlAsync(arguments)).Succeeded();
}
