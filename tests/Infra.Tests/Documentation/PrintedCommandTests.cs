using System.Text.RegularExpressions;
using LxcfsFunctions.Infra.Tests.Deploy;

namespace LxcfsFunctions.Infra.Tests.Documentation;

/// <summary>What the pages print works as printed.</summary>
public sealed partial class PrintedCommandTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public void Every_command_in_a_block_is_run_by_something_or_it_is_said_what_keeps_it_from_being_run()
    {
        var printed = PrintedCommands.OfPages().Select(item => item.Command).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(printed, PrintedCommands.All.Keys.Order(StringComparer.Ordinal));
        Assert.All(PrintedCommands.All.Where(command => command.Value.File is not null), command =>
            Assert.Contains(command.Value.Why ?? command.Key, Repository.Read(command.Value.File!), StringComparison.Ordinal));
    }

    [Fact]
    public void A_script_that_is_printed_by_its_path_alone_may_be_executed()
    {
        var scripts = PrintedCommands.All.Keys.Select(command => Script().Match(command).Groups["path"].Value).Where(path => path.Length > 0).Distinct().ToArray();
        Assert.Contains("tests/cluster/with.sh", scripts);
        Assert.All(scripts, script => Assert.True(File.GetUnixFileMode(Path.Combine(Repository.Root, script)).HasFlag(UnixFileMode.UserExecute), script));
    }

    [Fact]
    public async Task Every_command_and_option_of_the_script_in_a_sentence_is_one_that_its_help_names()
    {
        var help = (await Command.RunAsync("bash", ["infra/deploy.sh", "help"])).Succeeded().Split((char[])[' ', '\n', ':', '|', '=', ',']);
        var words = PrintedCommands.DeployInSentences().SelectMany(command => command.Split(' ')).Where(word => !word.Any(char.IsAsciiLetterUpper)).Distinct().ToArray();
        Assert.Contains("rotate-token", words);
        // The value of an option is what follows it.
        Assert.Empty(words.Except(help).Except(["enforce"]));
    }

    [Fact]
    public async Task Those_that_can_be_run_here_are_run_as_they_stand_in_their_order()
    {
        await installation.AddOperatorsAsync();
        (await installation.KubectlAsync("create namespace my-namespace")).Succeeded();
        Directory.CreateDirectory(installation.Checkout.PathOf("artifacts"));
        foreach (var package in (string[])["lxcfs-functions.zip", "lxcfs-functions-worker.zip"])
            await File.WriteAllTextAsync(installation.Checkout.PathOf($"artifacts/{package}"), "", TestContext.Current.CancellationToken);

        // A translation prints what its original prints: TranslationTests.
        foreach (var (page, command) in PrintedCommands.OfPages().Where(item => PrintedCommands.All[item.Command].IsHere && !Translation.Is(item.Page)))
        {
            var run = command.StartsWith("tests/", StringComparison.Ordinal)
                ? await Command.RunAsync("bash", ["-c", command.Replace("NAME", typeof(Drawings.DrawingTests).FullName, StringComparison.Ordinal)])
                : await installation.ShellAsync(command.Replace("/etc/prometheus/rules.d", installation.State, StringComparison.Ordinal));
            Assert.True(run.ExitCode == 0, $"{page}: {command} ended with {run.ExitCode}\n{run.Output}{run.Error}");
        }

        (await Command.RunAsync(Repository.Promtool, ["check", "rules", Path.Combine(installation.State, "lxcfs.yml")])).Succeeded();
        Assert.Contains("lxcfs-proc-meminfo", await installation.VolumesOfNewPodAsync("my-namespace"), StringComparison.Ordinal);
    }

    /// <summary>After the variables of a command, its first word.</summary>
    [GeneratedRegex("""^([A-Z]+=("[^"]*"|\S*) )*(?<path>\S+\.sh)( |$)""")]
    private static partial Regex Script();
}
