using System.Reflection;
using LxcfsNode.Tests.Rig;

namespace Lxcfs.Tests;

/// <summary>How a change is applied to LXCFS's source.</summary>
public sealed class ChangeTests
{
    private const string Source = "one\ntwo {\n\tbody\n}\nthree\ntwo {\n}\nend\n";

    [Theory]
    [InlineData("-one\n+first", "first\ntwo {\n\tbody\n}\nthree\ntwo {\n}\nend\n")]
    [InlineData("=end\n+more", "one\ntwo {\n\tbody\n}\nthree\ntwo {\n}\nend\nmore\n")]
    [InlineData("-one\n-...\n-three", "two {\n}\nend\n")]
    [InlineData("~ three\n=two {\n+\tnew", "one\ntwo {\n\tbody\n}\nthree\ntwo {\n\tnew\n}\nend\n")]
    [InlineData("-one\n\n-end", "two {\n\tbody\n}\nthree\ntwo {\n}\n")]
    public async Task An_edit_that_fits_is_made(string edits, string expected) => Assert.Equal((0, expected), await ApplyAsync(edits));

    [Theory]
    [InlineData("-four")]
    [InlineData("=one\n=three")]
    [InlineData("=two {\n+\twhich of both")]
    [InlineData("~ nowhere\n=one")]
    [InlineData("-three\n-...\n-one")]
    [InlineData("what is this")]
    [InlineData("")]
    public async Task An_edit_that_does_not_fit_ends_the_build_and_changes_nothing(string edits) => Assert.Equal((1, Source), await ApplyAsync(edits));

    [Fact]
    public void Every_change_has_a_test_and_the_documentation_names_both()
    {
        var changes = Directory.GetFiles(Rig.FilterList.InRepository("lxcfs-daemonset/lxcfs/changes"), "*.change")
            .Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal).ToArray();
        var tests = typeof(ChangeTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetCustomAttributes<TraitAttribute>()
            .Where(trait => trait.Name == "Change").Select(trait => (Change: trait.Value, Name: $"{method.DeclaringType!.Name}.{method.Name}"))).ToArray();
        Assert.Equal(changes, tests.Select(test => test.Change).Distinct().Order(StringComparer.Ordinal));
        var lines = File.ReadAllLines(Rig.FilterList.InRepository("docs/lxcfs-changes.md"));
        // The line of its tests is another one than that of its reproduction.
        Assert.All(changes, change => Assert.True(lines.Count(line => line.Contains(change, StringComparison.Ordinal)) > 1, $"{change} is not in the documentation"));
        Assert.All(changes, change => Assert.Equal(
            tests.Where(test => test.Change == change).Select(test => test.Name).Order(StringComparer.Ordinal),
            Names(lines.Single(line => line.StartsWith($"| {change} | `", StringComparison.Ordinal))).Order(StringComparer.Ordinal)));

        static IEnumerable<string> Names(string line) => line.Split('`').Where((_, index) => index % 2 == 1);
    }

    private static async Task<(int ExitCode, string Source)> ApplyAsync(string edits)
    {
        var folder = Directory.CreateTempSubdirectory("lxcfs-change-").FullName;
        try
        {
            var (source, change) = (Path.Combine(folder, "file.c"), Path.Combine(folder, "some.change"));
            await File.WriteAllTextAsync(source, Source);
            await File.WriteAllTextAsync(change, $"Why.\n\n@ file.c\n{edits}\n");
            var result = await Command.TryAsync("python3", Rig.FilterList.InRepository("lxcfs-daemonset/lxcfs/apply.py"), folder, change);
            Assert.Equal(result.ExitCode != 0, result.Error.Contains("some.change does not fit", StringComparison.Ordinal));
            return (result.ExitCode, await File.ReadAllTextAsync(source));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
