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
    public void Every_change_has_a_test_that_names_it_and_a_line_in_the_documentation()
    {
        var changes = Directory.GetFiles(Rig.FilterList.InRepository("lxcfs-daemonset/lxcfs/changes"), "*.change")
            .Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal).ToArray();
        var tested = typeof(ChangeTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetCustomAttributes<TraitAttribute>())
            .Where(trait => trait.Name == "Change").Select(trait => trait.Value).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(changes, tested);
        var documentation = File.ReadAllText(Rig.FilterList.InRepository("docs/lxcfs-changes.md"));
        Assert.All(changes, change => Assert.Contains(change, documentation, StringComparison.Ordinal));
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
