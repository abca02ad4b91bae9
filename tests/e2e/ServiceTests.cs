using LxcfsFunctions.EndToEnd.Kubelet;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsFunctions.EndToEnd.Service;

namespace LxcfsFunctions.EndToEnd;

public sealed class ServiceTests(SharedNode nodes)
{
    [Fact]
    public async Task The_overlay_service_serves_pods_from_its_own_image_by_the_Service_s_name()
    {
        await using var cluster = await ServiceCluster.StartAsync(await nodes.KubeletAsync());
        var team = await cluster.NamespaceAsync();

        await cluster.IsServedAsync(team);

        Assert.True(Pods.IsMutated((await cluster.Api.CreatePodAsync(team, Pods.Plain("app"))).Succeeded()));
    }
}
