using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LxcfsAgent.Node;

namespace LxcfsAgent.Hosting;

/// <summary>
/// Labels the node while the agent is ready, for pods that are to go nowhere else. Needs a service account that may patch
/// this node; what the API server refuses is logged and tried again.
/// </summary>
internal sealed class NodeLabel : IDisposable
{
    /// <summary>The label that the admission functions make pods ask for.</summary>
    public const string Name = "lxcfs-admission-webhook.raids-lab.github.io/ready";

    /// <summary>Where a kubelet puts what a pod needs to speak to the API server.</summary>
    private const string Account = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Somebody may have taken the label away.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    private NodeLabel(AgentOptions options, AgentState state, Generations generations, ILogger logger) =>
        _work = Task.Run(() => KeepAsync(options, state, generations, logger));

    /// <summary>Answers null where the settings don't ask for it.</summary>
    public static NodeLabel? Start(AgentOptions options, AgentState state, Generations generations, ILogger logger) =>
        options.LabelNode ? new(options, state, generations, logger) : null;

    public void Dispose()
    {
        _stop.Cancel();
        _work.Wait(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }

    private async Task KeepAsync(AgentOptions options, AgentState state, Generations generations, ILogger logger)
    {
        bool? set = null;
        var since = DateTime.MinValue;
        while (!_stop.IsCancellationRequested)
        {
            var ready = state.NotReady is null;
            if ((ready != set || DateTime.UtcNow - since > Again) && await TrySetAsync(options.Node, ready, logger))
                (set, since) = (ready, DateTime.UtcNow);
            await Task.Delay(Look, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!generations.HasStandby)
            await TrySetAsync(options.Node, false, logger);
    }

    private static async Task<bool> TrySetAsync(string node, bool ready, ILogger logger)
    {
        try
        {
            // Read anew each time: the kubelet renews token and authority.
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = Trust(await File.ReadAllTextAsync($"{Account}/ca.crt")) };
            using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(4) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync($"{Account}/token")).Trim());
            var value = ready ? "\"true\"" : "null";
            using var body = new StringContent(
                "{\"metadata\":{\"labels\":{\"" + Name + "\":" + value + "}}}", Encoding.UTF8, new MediaTypeHeaderValue("application/merge-patch+json"));
            using var answer = await client.PatchAsync($"https://{ApiServer}/api/v1/nodes/{Uri.EscapeDataString(node)}", body);
            if (answer.IsSuccessStatusCode)
            {
                Log.Labelled(logger, Name, ready ? "true" : "");
                return true;
            }

            Log.NotLabelled(logger, $"the API server answered {(int)answer.StatusCode} for node {node}; may the service account patch it?");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException or UnauthorizedAccessException)
        {
            Log.NotLabelled(logger, exception.Message);
        }

        return false;
    }

    private static string ApiServer =>
        new UriBuilder("https", Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") ?? "kubernetes.default.svc")
        {
            Port = int.TryParse(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"), out var port) ? port : 443,
        }.Uri.Authority;

    /// <summary>The cluster's own authority alone, and the name that was asked for.</summary>
    private static Func<HttpRequestMessage, X509Certificate2?, X509Chain?, System.Net.Security.SslPolicyErrors, bool> Trust(string authorities)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPem(authorities);
        return (_, certificate, chain, errors) =>
        {
            if (certificate is null || chain is null || errors.HasFlag(System.Net.Security.SslPolicyErrors.RemoteCertificateNameMismatch))
                return false;
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
            return chain.Build(certificate);
        };
    }
}
