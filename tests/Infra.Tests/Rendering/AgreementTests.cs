using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Infra.Tests.Rendering;

/// <summary>One name is written in manifests, in function.json, in host.json and in code: these prove that it is one name.</summary>
public sealed class AgreementTests(Kustomization kustomization) : IClassFixture<Kustomization>
{
    [Fact]
    public async Task The_registered_urls_are_the_routes_of_the_functions()
    {
        var url = Manifests.Load(await kustomization.RenderAsync("url", "node-delivery"));
        var service = Manifests.Load(await kustomization.RenderAsync("service", "node-delivery"));
        string Registered(string function) => $"/{RoutePrefix()}{Route(function)}";

        Assert.Equal($"https://{Kustomization.Host}{Registered("mutate").Replace("{token}", Kustomization.Token, StringComparison.Ordinal)}", url.Mutating.ClientConfig.Url);
        Assert.Equal($"https://{Kustomization.Host}{Registered("validate").Replace("{token}", Kustomization.Token, StringComparison.Ordinal)}", url.Validating.ClientConfig.Url);
        Assert.Equal(
            $"https://{Kustomization.Host}{Registered("mutate-node").Replace("{token}", Kustomization.Token, StringComparison.Ordinal)}",
            url.MutatingEntry("mutate-node").ClientConfig.Url);
        Assert.Equal(Registered("mutate-node").Replace("{token}", "local", StringComparison.Ordinal), service.MutatingEntry("mutate-node").ClientConfig.Service.Path);
        Assert.Equal(Registered("mutate").Replace("{token}", "local", StringComparison.Ordinal), service.Mutating.ClientConfig.Service.Path);
        Assert.Equal(Registered("validate").Replace("{token}", "local", StringComparison.Ordinal), service.Validating.ClientConfig.Service.Path);
        Assert.Equal(url.Validating.ClientConfig.Url, url.ValidatingEntry("validate-update").ClientConfig.Url);
        Assert.Equal(service.Validating.ClientConfig.Service.Path, service.ValidatingEntry("validate-update").ClientConfig.Service.Path);
    }

    [Fact]
    public async Task The_service_leads_to_the_port_that_the_functions_listen_on()
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync("service"));
        var (service, deployment) = (manifests.Named<V1Service>("lxcfs-functions"), manifests.One<V1Deployment>());
        var registered = manifests.Mutating.ClientConfig.Service;
        var port = Assert.Single(service.Spec.Ports);
        var container = Assert.Single(deployment.Spec.Template.Spec.Containers);
        int Listening(string name) => Assert.Single(container.Ports, item => item.Name == name).ContainerPort;

        Assert.Equal((service.Name(), service.Namespace(), port.Port), (registered.Name, registered.NamespaceProperty, registered.Port));
        Assert.Equal(Setting(container, "Lxcfs__Port"), $"{Listening(port.TargetPort.Value)}");
        Assert.Equal(Setting(container, "Lxcfs__MetricsPort"), $"{Listening(container.ReadinessProbe.HttpGet.Port.Value)}");
        Assert.Equal(Setting(container, "Lxcfs__MetricsPort"), $"{Listening(container.LivenessProbe.HttpGet.Port.Value)}");
        var open = Assert.Single(Assert.Single(manifests.Named<V1NetworkPolicy>("lxcfs-functions").Spec.Ingress).Ports);
        Assert.Equal(port.TargetPort.Value, open.Port.Value);
    }

    [Fact]
    public async Task Every_selector_finds_the_pods_of_the_functions_and_no_other()
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync("service", "pod-monitor"));
        var deployment = manifests.One<V1Deployment>();
        var labels = deployment.Spec.Template.Metadata.Labels;
        var monitor = (Dictionary<object, object>)manifests.Extension("PodMonitor", "lxcfs-functions")["spec"];
        var monitored = (Dictionary<object, object>)((Dictionary<object, object>)monitor["selector"])["matchLabels"];
        IEnumerable<IEnumerable<KeyValuePair<string, string>>> selectors =
        [
            deployment.Spec.Selector.MatchLabels,
            manifests.Named<V1Service>("lxcfs-functions").Spec.Selector,
            manifests.One<V1PodDisruptionBudget>().Spec.Selector.MatchLabels,
            manifests.Named<V1NetworkPolicy>("lxcfs-functions").Spec.PodSelector.MatchLabels,
            monitored.Select(pair => KeyValuePair.Create((string)pair.Key, (string)pair.Value)),
        ];

        Assert.All(selectors, selector => Assert.Subset(labels.ToHashSet(), selector.ToHashSet()));
        Assert.All(manifests.Objects.OfType<V1DaemonSet>(), daemonSet => Assert.All(selectors, selector =>
            Assert.False(selector.ToHashSet().IsSubsetOf(daemonSet.Spec.Template.Metadata.Labels))));
    }

    /// <summary>An eviction is allowed while the healthy pods that stay are at least as many as the Deployment wants less those that may be missing.</summary>
    [Theory]
    [InlineData(2, 2, true)]
    [InlineData(2, 1, false)] // The first one is still starting elsewhere.
    [InlineData(1, 1, true)] // Scaled down by somebody: a drain never hangs.
    public async Task A_node_can_be_drained(int replicas, int healthy, bool allowed)
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync("service"));
        var budget = manifests.One<V1PodDisruptionBudget>().Spec;

        Assert.Null(budget.MinAvailable);
        Assert.Equal(2, manifests.One<V1Deployment>().Spec.Replicas);
        Assert.Equal(allowed, healthy - 1 >= replicas - int.Parse(budget.MaxUnavailable.Value, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task The_certificate_is_made_for_the_service_and_mounted_where_the_functions_read_it()
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync("service"));
        var pod = manifests.One<V1Deployment>().Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);
        var mount = Assert.Single(container.VolumeMounts);
        var certificate = (Dictionary<object, object>)manifests.Extension("Certificate", "lxcfs-functions")["spec"];
        var registered = manifests.Mutating.ClientConfig.Service;

        Assert.Equal([$"{registered.Name}.{registered.NamespaceProperty}.svc"], (List<object>)certificate["dnsNames"]);
        Assert.Equal(certificate["secretName"], Assert.Single(pod.Volumes, volume => volume.Name == mount.Name).Secret.SecretName);
        Assert.Equal($"{mount.MountPath}/tls.crt", Setting(container, "Lxcfs__CertificateFile"));
        Assert.Equal($"{mount.MountPath}/tls.key", Setting(container, "Lxcfs__CertificateKeyFile"));
        Assert.All(
            (V1ObjectMeta[])[manifests.One<V1MutatingWebhookConfiguration>().Metadata, manifests.One<V1ValidatingWebhookConfiguration>().Metadata],
            metadata => Assert.Equal("lxcfs-functions/lxcfs-functions", metadata.Annotations["cert-manager.io/inject-ca-from"]));
    }

    [Fact]
    public async Task The_pods_of_the_functions_pass_the_level_that_their_namespace_enforces()
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync("service"));
        var pod = manifests.One<V1Deployment>().Spec.Template.Spec;
        var context = Assert.Single(pod.Containers).SecurityContext;

        Assert.Equal("restricted", manifests.Named<V1Namespace>("lxcfs-functions").Labels()["pod-security.kubernetes.io/enforce"]);
        Assert.Equal((true, "RuntimeDefault"), (pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.SeccompProfile.Type));
        Assert.Equal((false, true), (context.AllowPrivilegeEscalation, context.ReadOnlyRootFilesystem));
        Assert.Equal(["ALL"], context.Capabilities.Drop);
        Assert.NotEqual(true, pod.HostNetwork ?? pod.HostPID ?? pod.HostIPC);
        Assert.DoesNotContain(pod.Volumes, volume => volume.HostPath is not null);
    }

    [Fact]
    public async Task The_agent_may_write_the_labels_that_the_functions_ask_for_and_nothing_else()
    {
        var manifests = Manifests.Load(await kustomization.RenderAsync("service", "node-affinity"));
        var account = manifests.Named<V1ServiceAccount>("lxcfs-node-labeler");
        var policy = manifests.One<V1ValidatingAdmissionPolicy>();
        var agent = manifests.Named<V1DaemonSet>("lxcfs").Spec.Template.Spec;

        Assert.Equal(account.Name(), agent.ServiceAccountName);
        Assert.Equal($"['{LxcfsNames.Ready}', '{LxcfsNames.Delivers}']", Assert.Single(policy.Spec.Variables, variable => variable.Name == "own").Expression);
        Assert.Contains(
            $"'system:serviceaccount:{account.Namespace()}:{account.Name()}'", Assert.Single(policy.Spec.MatchConditions).Expression, StringComparison.Ordinal);
        var rule = Assert.Single(manifests.One<V1ClusterRole>().Rules);
        Assert.Equal(("patch", "nodes"), (Assert.Single(rule.Verbs), Assert.Single(rule.Resources)));
        Assert.Equal("spec.nodeName", Assert.Single(Assert.Single(agent.Containers).Env, item => item.Name == "LXCFS_AGENT_NODE").ValueFrom.FieldRef.FieldPath);
        Assert.Equal("true", Setting(Assert.Single(manifests.One<V1Deployment>().Spec.Template.Spec.Containers), "Lxcfs__RequireReadyNode"));
    }

    private static string Setting(V1Container container, string name) => Assert.Single(container.Env, item => item.Name == name).Value;

    private static string Route(string function) =>
        (string)JsonNode.Parse(Repository.Read($"functions/custom-handler/{function}/function.json"))!["bindings"]!.AsArray()
            .Single(binding => (string?)binding!["type"] == "httpTrigger")!["route"]!;

    private static string RoutePrefix() => (string?)JsonNode.Parse(Repository.Read("host.json"))!["extensions"]!["http"]!["routePrefix"] switch
    {
        null => "api/",
        "" => "",
        var prefix => $"{prefix}/",
    };
}
