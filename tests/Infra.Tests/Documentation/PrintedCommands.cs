using System.Text.RegularExpressions;

namespace LxcfsFunctions.Infra.Tests.Documentation;

/// <summary>Who runs a command of a page: this suite, by an installation of its own; something else that has it word for word; or nobody.</summary>
/// <param name="File">What has it.</param>
/// <param name="Why">What it needs that the tests don't have, or what runs it in another form.</param>
internal sealed record Runner(string? File = null, string? Why = null)
{
    public bool IsHere => File is null && Why is null;
}

/// <summary>The commands in the shell blocks of all pages, and who runs each of them.</summary>
internal static partial class PrintedCommands
{
    private const string NeedsRegistry = "it needs a registry to push to";
    private const string NeedsDocker = "it needs docker; tests/LxcfsNode.Tests/prepare/images.sh builds the same file by buildah, and the suites run the image";
    private const string Itself = "a suite can't run the suites";
    private const string NeedsCluster = "it needs what the suite Cluster needs; tests/cluster/with.sh is how that suite starts";
    private const string NeedsKubelet = "it needs a kubelet, and an image from a registry; WorkloadTests of the suite Cluster runs free in pods";
    private const string Service = "up --mode service --image lxcfs-agent=REGISTRY/lxcfs-agent:1.0.0 --image lxcfs-functions=REGISTRY/lxcfs-functions:1.0.0";
    private const string Commands = "tests/LxcfsFunctions.Tests/Published/CommandLineTests.cs";

    private static readonly Runner Here = new();

    /// <summary>Every one of them; what is printed here and nowhere else, or there and not here, fails a test.</summary>
    public static IReadOnlyDictionary<string, Runner> All { get; } = new Dictionary<string, Runner>
    {
        ["dotnet run --project functions"] = new("tests/LxcfsFunctions.Tests/Published/LaptopTests.cs"),
        ["bash tests/run.sh"] = new("tests/run.sh"),
        ["bash tests/run.sh Cluster Infra"] = new(Why: Itself),
        ["bash tests/fast.sh"] = new(Why: Itself),
        ["tests/Infra.Tests/bin/Release/net10.0/Infra.Tests -class NAME"] = Here,
        ["IMAGES=\"lxcfs-agent lxcfs-functions busybox\" tests/cluster/with.sh bash"] = new(Why: NeedsCluster),
        ["tests/cluster/with.sh tests/e2e/bin/Release/net10.0/EndToEnd.Tests -class LxcfsFunctions.EndToEnd.StoredPodTests"] = new(Why: NeedsCluster),
        ["dotnet run -c Release --project tests/bench"] = new(Why: "it measures for minutes, and wants the machine for itself"),
        // CommandLineTests runs every block that begins with this word, and compares what it prints.
        ["lxcfs-functions explain -f functions/samples/trainer.yaml --node-cpus 128 --node-memory 512Gi"] = new(Commands, "console\\n$ lxcfs-functions "),
        ["lxcfs-functions inject -f functions/samples/trainer.yaml --diff"] = new(Commands, "console\\n$ lxcfs-functions "),
        ["free -m"] = new(Why: "its numbers are one node's; ExplainTests runs free in containers"),
        ["dotnet publish functions -c Release"] = new("tests/LxcfsFunctions.Tests/prepare.sh"),
        ["dotnet publish functions/worker -c Release"] = new("tests/LxcfsFunctions.Tests/prepare.sh"),
        ["docker build -f lxcfs-daemonset/Dockerfile --build-arg DOTNET_SDK=SDK -t REGISTRY/lxcfs-agent:1.0.0 ."] = new(Why: NeedsDocker),
        ["docker build -f lxcfs-daemonset/Dockerfile --build-arg DOTNET_SDK=<image of the .NET 10 SDK> -t lxcfs-agent ."] = new(Why: NeedsDocker),
        ["docker build -f functions/Dockerfile -t REGISTRY/lxcfs-functions:1.0.0 ."] = new(Why: NeedsDocker),
        ["docker push REGISTRY/lxcfs-agent:1.0.0"] = new(Why: NeedsRegistry),
        ["docker push REGISTRY/lxcfs-functions:1.0.0"] = new(Why: NeedsRegistry),
        ["""kubectl run free --namespace my-namespace --image ubuntu --restart Never --attach --rm --overrides '{"spec": {"containers": [{"name": "free", "image": "ubuntu", "command": ["free", "-m"], "resources": {"limits": {"memory": "256Mi"}}}]}}'"""] = new(Why: NeedsKubelet),
        ["infra/deploy.sh check"] = Here,
        ["infra/deploy.sh up --location westeurope --image lxcfs-agent=REGISTRY/lxcfs-agent:1.0.0"] = Here,
        [$"infra/deploy.sh {Service}"] = new("tests/Infra.Tests/Deploy/ServiceTests.cs", Service),
        ["infra/deploy.sh up --location westeurope --image lxcfs-agent=REGISTRY/lxcfs-agent:1.0.0 --component alerts --component dashboards"] = Here,
        ["infra/deploy.sh up --component node-delivery"] = new(Why: "it waits for a label that an agent sets; NodeDeliveryTests plays a node that has it"),
        ["infra/deploy.sh label my-namespace"] = Here,
        ["infra/deploy.sh status"] = Here,
        ["infra/deploy.sh up --resource-group lxcfs-functions-2 --location westeurope --runtime custom"] = Here,
        ["az stack group delete --name lxcfs-functions --resource-group lxcfs-functions --action-on-unmanage deleteAll"] = Here,
        ["infra/alert-rules.sh https://git.example.com/lxcfs/blob/main/ > /etc/prometheus/rules.d/lxcfs.yml"] = Here,
    };

    /// <summary>As the pages print them, in their order, without comments.</summary>
    public static IEnumerable<(string Page, string Command)> OfPages() => Pages().SelectMany(page => Block().Matches(Repository.Read(page))
        .SelectMany(block => Lines(block.Groups["console"].Success, block.Groups["text"].Value)).Select(command => (page, command)));

    /// <summary>The commands of infra/deploy.sh that stand within sentences.</summary>
    public static IEnumerable<string> DeployInSentences() => Pages().SelectMany(page => Inline().Matches(Repository.Read(page))).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Pages() => ((string[])["", "docs", "infra", "lxcfs-daemonset", "functions", "tests", "tests/cluster"])
        .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.md")).Select(file => Path.GetRelativePath(Repository.Root, file))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Lines(bool isConsole, string text) => text.Split('\n')
        .Where(line => isConsole ? line.StartsWith("$ ", StringComparison.Ordinal) : line.Length > 0 && line[0] != '#')
        .Select(line => Comment().Replace(isConsole ? line[2..] : line, ""));

    [GeneratedRegex(@"^```(?:(?<console>console)|sh|bash|shell)\n(?<text>.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@" +# .*$")]
    private static partial Regex Comment();

    [GeneratedRegex("`infra/deploy\\.sh ([^`]+)`")]
    private static partial Regex Inline();
}
