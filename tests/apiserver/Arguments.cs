namespace LxcfsFunctions.ApiServer;

/// <summary>How the two programs are started.</summary>
internal static class Arguments
{
    public static IReadOnlyList<string> OfEtcd(string folder, Uri address)
    {
        // etcd takes no path, not even the root.
        var url = address.GetLeftPart(UriPartial.Authority);
        // etcd asks for a peer address though it has no peer: port 0 is any.
        const string NoPeer = "http://127.0.0.1:0";
        return
        [
            $"--data-dir={folder}/etcd", "--unsafe-no-fsync", "--log-level=warn",
            $"--listen-client-urls={url}", $"--advertise-client-urls={url}",
            $"--listen-peer-urls={NoPeer}", $"--initial-advertise-peer-urls={NoPeer}", $"--initial-cluster=default={NoPeer}",
        ];
    }

    public static IReadOnlyList<string> OfApiServer(string folder, Uri etcd, int port) =>
    [
        $"--etcd-servers={etcd}", "--bind-address=127.0.0.1", $"--secure-port={port}", "--insecure-port=0",
        $"--tls-cert-file={folder}/{Credentials.CertificateFile}", $"--tls-private-key-file={folder}/{Credentials.KeyFile}",
        $"--token-auth-file={folder}/{Credentials.TokensFile}",
        "--service-account-issuer=https://kubernetes.default.svc",
        $"--service-account-key-file={folder}/{Credentials.KeyFile}",
        $"--service-account-signing-key-file={folder}/{Credentials.KeyFile}",
        // A Service's address is one of loopback's, so that a test can play kube-proxy by listening there.
        "--service-cluster-ip-range=127.96.0.0/16", "--endpoint-reconciler-type=none",
        "--authorization-mode=RBAC", "--allow-privileged=true",
        "--feature-gates=EphemeralContainers=true", "--disable-admission-plugins=ServiceAccount",
    ];
}
