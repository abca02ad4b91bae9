using LxcfsFunctions.EndToEnd.Parts;

namespace LxcfsFunctions.EndToEnd;

public sealed class RegistrationTests(SharedCluster shared)
{
    [Fact]
    public async Task A_real_API_server_calls_the_published_executable_by_the_rendered_URL()
    {
        var cluster = await shared.OwnAsync();
        var labelled = await cluster.NamespaceAsync();
        var other = await cluster.NamespaceAsync(labelled: false);

        Assert.True(Pods.IsMutated((await cluster.Api.CreatePodAsync(labelled, Pods.Plain("app"))).Succeeded()));
        Assert.False(Pods.IsMutated((await cluster.Api.CreatePodAsync(other, Pods.Plain("app"))).Succeeded()));
    }
}
