using System.Globalization;
using k8s.Models;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Infra.Tests.Rendering;

/// <summary>The nodes' part: what the agent, the functions and the cluster must agree on.</summary>
public sealed class DaemonSetTests(Kustomization kustomization) : IClassFixture<Kustomization>
{
    [Fact]
    public async Task The_agent_serves_the_path_that_the_functions_mount_from()
    {
        var pod = await PodAsync();
        var container = Assert.Single(pod.Containers);
        var mount = Assert.Single(container.VolumeMounts);

        Assert.Equal(LxcfsFile.DefaultRoot, Setting(container, "LXCFS_AGENT_ROOT"));
        // Not the mount point itself: a runtime could not start the agent again over a mount that is dead.
        Assert.Equal(Path.GetDirectoryName(LxcfsFile.DefaultRoot), mount.MountPath);
        Assert.Equal("Bidirectional", mount.MountPropagation);
        var source = Assert.Single(pod.Volumes, volume => volume.Name == mount.Name).HostPath;
        Assert.Equal((mount.MountPath, "DirectoryOrCreate"), (source.Path, source.Type));
    }

    [Fact]
    public async Task Metrics_ask_the_port_that_the_agent_listens_on_and_no_other_is_open()
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync("url", "pod-monitor"));
        var container = Assert.Single(manifests.One<V1DaemonSet>().Spec.Template.Spec.Containers);
        var port = Assert.Single(container.Ports);
        var monitor = (Dictionary<object, object>)manifests.Extension("PodMonitor", "lxcfs")["spec"];
        var endpoint = (Dictionary<object, object>)Assert.Single((List<object>)monitor["podMetricsEndpoints"]);
        var monitored = (Dictionary<object, object>)((Dictionary<object, object>)monitor["selector"])["matchLabels"];

        Assert.Equal(Setting(container, "LXCFS_AGENT_LISTEN").Split(':')[^1], port.ContainerPort.ToString(CultureInfo.InvariantCulture));
        Assert.Equal((port.Name, "/metrics"), (endpoint["port"], endpoint["path"]));
        Assert.Equal(manifests.One<V1DaemonSet>().Spec.Selector.MatchLabels, monitored.ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value));
        Assert.Null(port.HostPort);
        var policy = manifests.Named<V1NetworkPolicy>("lxcfs");
        var rule = Assert.Single(policy.Spec.Ingress);
        Assert.Equal((manifests.One<V1DaemonSet>().Namespace(), "Ingress"), (policy.Namespace(), Assert.Single(policy.Spec.PolicyTypes)));
        Assert.Equal(manifests.One<V1DaemonSet>().Spec.Selector.MatchLabels, policy.Spec.PodSelector.MatchLabels);
        Assert.Equal(("TCP", $"{port.ContainerPort}"), (Assert.Single(rule.Ports).Protocol, rule.Ports[0].Port.Value));
        // Every pod of the cluster, and nothing from outside of it.
        var from = Assert.Single(rule.FromProperty);
        Assert.Equal((true, true), (from.IpBlock is null, from.PodSelector is null));
        Assert.Empty(from.NamespaceSelector.MatchLabels ?? new Dictionary<string, string>());
        Assert.Empty(from.NamespaceSelector.MatchExpressions ?? []);
    }

    [Fact]
    public async Task Probes_ask_the_agent_in_its_container_and_not_over_the_network()
    {
        var container = Assert.Single((await PodAsync()).Containers);
        var command = Repository.Read("lxcfs-daemonset/Dockerfile").Split('\n').Single(line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)).Split('"')[1];

        Assert.Equal([command, "health", "ready"], container.ReadinessProbe.Exec.Command);
        Assert.Equal([command, "health", "live"], container.LivenessProbe.Exec.Command);
        Assert.All((V1Probe[])[container.ReadinessProbe, container.LivenessProbe], probe => Assert.Null(probe.HttpGet));
        // The command itself waits for 4 s, and then says so.
        Assert.All((V1Probe[])[container.ReadinessProbe, container.LivenessProbe], probe => Assert.True(probe.TimeoutSeconds > 4));
        Assert.Null(container.Command);
        Assert.Null(container.Args);
    }

    [Fact]
    public async Task A_new_agent_is_ready_before_the_old_one_is_stopped()
    {
        var spec = Manifests.Load(await kustomization.RenderAsync("url")).One<V1DaemonSet>().Spec;

        Assert.Equal(("1", "0"), (spec.UpdateStrategy.RollingUpdate.MaxSurge.Value, spec.UpdateStrategy.RollingUpdate.MaxUnavailable.Value));
        Assert.True(spec.MinReadySeconds > 0);
        // Two of them on one node must not want one port.
        Assert.NotEqual(true, spec.Template.Spec.HostNetwork);
        Assert.Equal("metadata.uid", Assert.Single(Assert.Single(spec.Template.Spec.Containers).Env, item => item.Name == "LXCFS_AGENT_INSTANCE").ValueFrom.FieldRef.FieldPath);
    }

    [Fact]
    public async Task The_agent_sees_every_process_and_has_no_right_in_the_cluster()
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync("url"));
        var pod = manifests.One<V1DaemonSet>().Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);

        Assert.Equal((true, true), (pod.HostPID, container.SecurityContext.Privileged));
        Assert.Equal("privileged", manifests.Named<V1Namespace>(manifests.One<V1DaemonSet>().Namespace()).Labels()["pod-security.kubernetes.io/enforce"]);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.False(manifests.Named<V1ServiceAccount>(pod.ServiceAccountName).AutomountServiceAccountToken);
        Assert.Empty(manifests.Objects.OfType<V1ClusterRoleBinding>());
        Assert.Empty(manifests.Objects.OfType<V1RoleBinding>());
    }

    [Fact]
    public async Task It_runs_on_every_linux_node_and_never_waits_for_its_own_files()
    {
        var daemonSet = Manifests.Load(await kustomization.RenderAsync("url")).One<V1DaemonSet>();
        var pod = daemonSet.Spec.Template.Spec;

        Assert.Equal(("Exists", null, null), (Assert.Single(pod.Tolerations).OperatorProperty, pod.Tolerations[0].Key, pod.Tolerations[0].Effect));
        Assert.Equal("system-node-critical", pod.PriorityClassName);
        Assert.Equal("linux", pod.NodeSelector["kubernetes.io/os"]);
        Assert.Equal(LxcfsNames.Disabled, daemonSet.Spec.Template.Metadata.Labels[LxcfsNames.Label]);
        var resources = Assert.Single(pod.Containers).Resources;
        // The agent reads its own limit back through LXCFS; a limit of CPU would throttle every reader.
        Assert.Equal(["memory"], resources.Limits.Keys);
    }

    /// <summary>A release renders its own: infra/release/manifests.sh.</summary>
    [Fact]
    public async Task Images_have_the_version_of_the_changelog_s_last_release()
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync("service"));
        var version = Repository.Read("CHANGELOG.md").Split("\n## [").Select(part => part.Split(']')[0]).First(heading => char.IsAsciiDigit(heading[0]));

        Assert.Equal(
            [$"lxcfs-agent:{version}", $"lxcfs-functions:{version}"],
            [Assert.Single((await PodAsync()).Containers).Image, Assert.Single(manifests.One<V1Deployment>().Spec.Template.Spec.Containers).Image]);
    }

    private static string Setting(V1Container container, string name) => Assert.Single(container.Env, item => item.Name == name).Value;

    private async Task<V1PodSpec> PodAsync() => Manifests.Load(await kustomization.RenderAsync("url")).One<V1DaemonSet>().Spec.Template.Spec;
}
