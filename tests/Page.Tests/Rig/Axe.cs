using Deque.AxeCore.Playwright;

namespace LxcfsFunctions.Page.Tests.Rig;

/// <summary>Every rule of axe, the recommended ones too.</summary>
internal static class Axe
{
    public static async Task FindsNothingAsync(Visit visit, string state)
    {
        var found = await visit.Page.RunAxe();
        Assert.True(found.Violations.Length == 0, $"{state}:\n" + string.Join('\n', found.Violations.SelectMany(
            violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}"))));
        Assert.NotEmpty(found.Passes);
    }
}
