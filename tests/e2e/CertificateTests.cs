using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using LxcfsFunctions.EndToEnd.Parts;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

public sealed class CertificateTests(SharedCluster clusters)
{
    private const int Clients = 4;

    [Fact]
    public async Task No_pod_goes_without_the_files_while_the_certificate_is_replaced_under_load()
    {
        var cluster = await clusters.OwnAsync();
        var team = await cluster.NamespaceAsync();
        var renewed = cluster.Authority.Issue(Functions.Name);
        using var end = new CancellationTokenSource();
        var load = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(cluster.Api, team, end.Token))).ToList();

        cluster.Functions.Use(renewed);
        await Eventually.TrueAsync(
            async () => await SerialNumberAsync(cluster.Functions.Port) == renewed.SerialNumber, () => $"the certificate stays: {cluster.Functions.Log}");
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await end.CancelAsync();
        var counts = await Task.WhenAll(load);

        Assert.Equal(0, counts.Sum(count => count.Without));
        Assert.True(counts.Sum(count => count.Asked) > 100, "the load was none");
    }

    private static async Task<(int Asked, int Without)> AskAsync(Api api, string team, CancellationToken end)
    {
        var (asked, without) = (0, 0);
        for (; !end.IsCancellationRequested; asked++)
        {
            if (!Pods.IsMutated((await api.CreatePodAsync(team, Pods.Plain("app"), dryRun: true)).Succeeded()))
                without++;
        }

        return (asked, without);
    }

    private static async Task<string> SerialNumberAsync(int port)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Functions.Name, port);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(Functions.Name);
        return ((X509Certificate2)tls.RemoteCertificate!).SerialNumber;
    }
}
