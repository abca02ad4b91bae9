using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>kubectl as a user runs it, with a kubeconfig and a home of its own.</summary>
internal sealed class Kubectl(string kubeconfig, string home)
{
    private readonly Dictionary<string, string> _environment = new() { ["KUBECONFIG"] = kubeconfig, ["HOME"] = home };

    /// <param name="arguments">Separated by spaces.</param>
    /// <param name="input">A manifest, where an argument is a dash.</param>
    public Task<Command> TryAsync(string arguments, string input = "") =>
        Command.RunAsync(Repository.Kubectl, arguments.Split(' '), _environment, input);

    /// <summary>What it printed; the test fails where kubectl does.</summary>
    public async Task<string> RunAsync(string arguments, string input = "") => (await TryAsync(arguments, input)).Succeeded();
}
