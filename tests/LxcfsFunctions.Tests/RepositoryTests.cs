using System.Diagnostics;
using System.Reflection;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests;

/// <summary>What is written about the code agrees with the code, and the code is written as agreed.</summary>
public sealed class RepositoryTests
{
    [Fact]
    public void The_reference_names_every_setting_and_no_other()
    {
        var settings = new SettingsReader(Webhooks.Configuration());
        LxcfsOptions.Read(settings);
        HostingOptions.Read(settings, functionsPort: null);
        var named = System.Text.RegularExpressions.Regex.Matches(Repository.Read("docs/reference.md"), @"\| `Lxcfs__(\w+)`(?:, `Lxcfs__(\w+)`)?")
            .SelectMany(match => match.Groups.Values.Skip(1)).Where(group => group.Success).Select(group => group.Value);
        Assert.Equal(settings.Keys.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_reference_names_every_label_annotation_file_and_reason()
    {
        var reference = Repository.Read("docs/reference.md");
        var names = typeof(LxcfsNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        Assert.All([.. names, .. LxcfsFile.All.Select(file => file.Path), .. Enum.GetNames<SkipReason>()],
            name => Assert.Contains(name, reference, StringComparison.Ordinal));
    }

    [Fact]
    public void The_reference_lists_the_reasons_in_the_order_in_which_they_are_asked()
    {
        var section = Repository.Read("docs/reference.md").Split("## Why a pod is left alone")[1].Split("\n## ")[0];
        var listed = System.Text.RegularExpressions.Regex.Matches(section, @"^\| `(\w+)` \|", System.Text.RegularExpressions.RegexOptions.Multiline);
        Assert.Equal(Enum.GetNames<SkipReason>(), listed.Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void The_page_on_commands_lists_every_exit_code()
    {
        var codes = typeof(Cli.ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.GetRawConstantValue()}");
        var listed = System.Text.RegularExpressions.Regex.Matches(Repository.Read("docs/commands.md"), @"^\| (\d+) \|", System.Text.RegularExpressions.RegexOptions.Multiline);
        Assert.Equal(codes, listed.Select(match => match.Groups[1].Value));
    }

    [Fact]
    public async Task Every_shell_script_is_clean()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/shellcheck"), "shellcheck is not installed");
        Assert.Equal("", await OutputOf("shellcheck", ["-x", "-P", Repository.Root, .. await ShellScriptsAsync()]));
    }

    // grep -q ends at the first match. Who still writes to it then ends by SIGPIPE, and with pipefail the whole pipe has failed.
    [Fact]
    public async Task No_shell_script_takes_a_match_for_none_since_grep_ended_first()
    {
        foreach (var script in await ShellScriptsAsync())
            Assert.DoesNotMatch(@"(?<!\|)\|\s+grep\s+-\w*q", await File.ReadAllTextAsync(script, TestContext.Current.CancellationToken));
    }

    private static async Task<IReadOnlyList<string>> ShellScriptsAsync()
    {
        var names = (await OutputOf("git", "-C", Repository.Root, "ls-files", "*.sh", ".ci/run")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(names);
        return [.. names.Select(name => Path.Combine(Repository.Root, name))];
    }

    // Style and analyzers, the rest of dotnet format, are warnings of the build, and so errors.
    [Fact]
    public async Task The_code_is_formatted() => Assert.Equal(
        "", await OutputOf("dotnet", "format", "whitespace", Path.Combine(Repository.Root, "LxcfsFunctions.sln"), "--no-restore", "--verify-no-changes"));

    private static async Task<string> OutputOf(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output + await errors;
    }
}
