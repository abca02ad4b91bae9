using LxcfsFunctions.Infra.Tests;
using Release.Tests;

[assembly: AssemblyFixture(typeof(DryRun))]

namespace Release.Tests;

/// <summary>A release from its version to its files: the scripts as the workflow runs them, and a registry of this machine.</summary>
public sealed class DryRun : IAsyncLifetime
{
    public static readonly string[] Images = ["lxcfs-agent", "lxcfs-functions"];
    public static readonly string[] Architectures = ["amd64", "arm64"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lxcfs-release-");
    private readonly Dictionary<string, string> _environment = [];
    private Registry? _registry;
    private FileStream? _cache;

    /// <summary>What the scripts were given to write to.</summary>
    public string Out => Path.Combine(_folder.FullName, "dist");

    /// <summary>What would be attached to the release.</summary>
    public string Released => Path.Combine(Out, "release");

    /// <summary>What the workflow's next steps would read.</summary>
    public string Outputs => Path.Combine(_folder.FullName, "outputs");

    public string Notes { get; private set; } = "";

    public string BaseName => $"{Registry.Name}/debian:trixie-slim";

    internal Registry Registry => _registry!;

    public async ValueTask InitializeAsync()
    {
        var program = Made.Built("docker-registry");
        _cache = await LockAsync(Made.Built("lock"));
        _environment["CONTAINERS_STORAGE_CONF"] = Made.Built("storage.conf");
        _environment["BUILDAH_ISOLATION"] = "chroot";
        // What prepare.sh has built of them is taken from there.
        _environment["BUILDAH_LAYERS"] = "true";
        _environment["RELEASE_TLS_VERIFY"] = "false";
        _environment["GITHUB_OUTPUT"] = Outputs;
        _environment["GITHUB_SERVER_URL"] = "https://github.com";
        _environment["GITHUB_REPOSITORY"] = "me/lxcfs";
        _environment["KUBECTL"] = Repository.Kubectl;
        _registry = await Registry.StartAsync(program);
        _environment["RELEASE_BASE"] = BaseName;
        await PushBaseAsync();

        Directory.CreateDirectory(Out);
        await Made.RunAsync("cp", ["-r", .. BuiltPrograms(), Out]);
        await ScriptAsync("check-version.sh", Made.Version);
        await Made.RunAsync(Script("emulate.sh"), [Script("images.sh"), Made.Version, Out], _environment);
        await ScriptAsync("manifests.sh", Made.Version, $"{Registry.Name}/me", Out);
        await ScriptAsync("push.sh", Made.Version, $"{Registry.Name}/me", Out);
        // The job scan makes them, by an action of the platform.
        foreach (var image in Images.SelectMany(image => Architectures.Select(architecture => $"{image}-{architecture}")))
            await File.WriteAllTextAsync(Path.Combine(Out, $"{image}.spdx.json"), "{}");
        await ScriptAsync("collect.sh", Made.Version, Out, Released);
        Notes = await ScriptAsync("notes.sh", Made.Version);
    }

    /// <summary>What a command of a released image prints, as a node of that architecture pulls it by the digest of images.txt.</summary>
    public Task<string> RunImageAsync(string image, string architecture, params string[] command) =>
        InImageAsync(image, architecture, """buildah run "$container" -- "$@" 2>&1""", command);

    /// <summary>What a scanner reads of a released image: dpkg's paragraphs of its packages.</summary>
    public Task<string> PackagesAsync(string image, string architecture) =>
        InImageAsync(image, architecture, """cat "$(buildah mount "$container")"/var/lib/dpkg/status.d/*""");

    /// <summary>The digests of <c>images.txt</c>, by image; and of the base.</summary>
    public Dictionary<string, string> Digests() =>
        File.ReadAllLines(Path.Combine(Released, "images.txt")).Select(line => line.Split(' ', '@')).ToDictionary(parts => parts[0], parts => parts[2]);

    public async ValueTask DisposeAsync()
    {
        if (_registry is not null)
            await _registry.DisposeAsync();
        _cache?.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>The prepare.sh of another checkout takes what a run has built out of the cache that they share; it waits for this lock.</summary>
    private static async Task<FileStream> LockAsync(string file)
    {
        while (true)
        {
            try
            {
                return new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
            }
        }
    }

    private Task<string> InImageAsync(string image, string architecture, string script, params string[] arguments) => Made.RunAsync(
        Script("emulate.sh"),
        [
            "bash", "-euc",
            $"""
             container=$(buildah from --quiet --pull=always --tls-verify=false --platform "linux/$1" "docker://$2")
             trap 'buildah rm "$container" >/dev/null' EXIT
             shift 2
             {script}
             """,
            "-", architecture, $"{Registry.Name}/me/{image}@{Digests()[image]}", .. arguments,
        ],
        _environment);

    private static string Script(string name) => Path.Combine(Repository.Root, "infra", "release", name);

    private static string[] BuiltPrograms() =>
    [
        Made.Built("agent"), Made.Built("package"), Made.Built($"lxcfs-functions-{Made.Version}.zip"),
        Made.Built($"lxcfs-functions-worker-{Made.Version}.zip"),
        .. new[] { "x64", "arm64" }.Select(architecture => Made.Built($"lxcfs-functions-{Made.Version}-linux-{architecture}.tar.gz")),
    ];

    /// <summary>A base image with an index of both architectures, as Debian's is.</summary>
    private async Task PushBaseAsync()
    {
        var index = $"localhost/base-{Environment.ProcessId}";
        await BuildahAsync("manifest", "create", index);
        foreach (var architecture in Architectures)
            await BuildahAsync("manifest", "add", index, $"oci-archive:{Made.Built($"base-{architecture}.oci.tar")}");
        await BuildahAsync("manifest", "push", "--all", "--rm", "--tls-verify=false", index, $"docker://{BaseName}");
    }

    private Task<string> BuildahAsync(params string[] arguments) => Made.RunAsync("buildah", arguments, _environment);

    private Task<string> ScriptAsync(string name, params string[] arguments) => Made.RunAsync(Script(name), arguments, _environment);
}
