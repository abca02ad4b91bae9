using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace LxcfsFunctions.Page.Tests.Rig;

/// <summary>Every rule of axe, the recommended ones too.</summary>
internal static class Axe
{
    // Of what passes one node tells enough, and some thousands take longer to carry over than to judge.
    private static readonly AxeRunOptions Options = new() { ResultTypes = [ResultType.Violations] };

    public static async Task FindsNothingAsync(Visit visit, string state)
    {
        var found = await visit.Page.RunAxe(Options);
        Assert.True(found.Violations.Length == 0, $"{state}:\n" + string.Join('\n', found.Violations.SelectMany(
            violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}"))));
        Assert.NotEmpty(found.Passes);
    }
}
