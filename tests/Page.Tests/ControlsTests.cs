using LxcfsFunctions.Page.Tests.Rig;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LxcfsFunctions.Page.Tests;

/// <summary>Everything that can be pressed, written in or chosen does what it says.</summary>
public sealed class ControlsTests(Chromium chromium, Site site) : IClassFixture<Site>
{
    /// <summary>Remembers which controls were used, by what tells one kind from another.</summary>
    private const string RememberUse = """
        const used = new Set();
        const nameOf = element => element.id || element.dataset.word || element.className || element.tagName;
        const control = 'button, select, input, textarea, summary, a[href]';
        for (const type of ['click', 'change', 'input']) addEventListener(type, event => {
          const element = event.target.closest?.(control);
          if (element) used.add(nameOf(element));
        }, true);
        window.unused = () => [...document.querySelectorAll(control)].map(nameOf).filter(name => !used.has(name));
        """;

    [Fact]
    public async Task Every_control_of_the_page_is_used_here_and_does_what_it_says()
    {
        await using var visit = await Visit.PrepareAsync(chromium, site, new());
        await visit.Page.AddInitScriptAsync(RememberUse);
        await visit.Page.GotoAsync(site.Origin);
        await visit.Page.WaitForSelectorAsync("[data-ready]");

        foreach (var use in new Func<Visit, Task>[] { Examples, LinesAndContainers, Results, Files, Node, Preferences, SkipLinks })
            await use(visit);
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>("unused()"));
    }

    private static async Task Examples(Visit visit)
    {
        (string, string)[] examples =
        [
            ("exampleTraining", "Patched"), ("exampleCronJob", "Patched"), ("exampleDeployment", "Patched"),
            ("exampleOptedOut", "Skipped"), ("exampleError", "Denied"),
        ];
        foreach (var (example, outcome) in examples)
        {
            await visit.ShowAsync(example);
            await Expect(visit.Documents).ToHaveClassAsync($"document {outcome}");
        }
    }

    private static async Task LinesAndContainers(Visit visit)
    {
        var problem = visit.Page.Locator(".said.bad .place").First;
        var line = int.Parse((await problem.TextContentAsync())!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        await problem.ClickAsync();
        var selected = await visit.Manifest.EvaluateAsync<string>("area => area.value.slice(area.selectionStart, area.selectionEnd)");
        Assert.Equal((await visit.Manifest.InputValueAsync()).Split('\n')[line - 1], selected);
        Assert.Contains("slurm,cuda", selected, StringComparison.Ordinal);
        await Expect(visit.Page.Locator("#gutter .bad").First).ToContainTextAsync($"{line}");

        await visit.ShowAsync("exampleDeployment");
        await Expect(visit.Page.Locator("details")).ToHaveCountAsync(3);
        await visit.Page.Locator(".said.mind .place").First.ClickAsync();
        Assert.Equal("        - name: metrics", await visit.Manifest.EvaluateAsync<string>("area => area.value.slice(area.selectionStart, area.selectionEnd)"));
        await Expect(visit.Page.Locator("table:visible")).ToHaveCountAsync(1);
        await visit.Page.Locator("summary").First.ClickAsync();
        await Expect(visit.Page.Locator("table").First).ToBeVisibleAsync();
        await visit.Page.Locator("summary").Nth(1).ClickAsync();
        // A new answer leaves what was opened and what was folded as it was.
        await visit.WhileAskingAsync(() => visit.Page.FillAsync("#cpus", "96"));
        await Expect(visit.Page.Locator("table").First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("table").Nth(1)).ToBeHiddenAsync();
    }

    private static async Task Results(Visit visit)
    {
        await Expect(visit.Page.Locator("#diff ins").First).ToBeVisibleAsync();
        var changes = await visit.Page.Locator("#diff > *").CountAsync();
        await visit.Page.ClickAsync("#show-all");
        var all = await visit.Page.Locator("#diff > *").CountAsync();
        Assert.True(all > changes, $"{all} lines in all, {changes} near changes");
        await visit.Page.ClickAsync("#show-changes");
        await Expect(visit.Page.Locator("#diff > *")).ToHaveCountAsync(changes);

        await visit.Page.ClickAsync("#copy");
        await Expect(visit.Page.Locator("#kept")).ToHaveTextAsync("Copied.");
        var copied = await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.ClickAsync("#download"));
        Assert.Equal("manifest.yaml", download.SuggestedFilename);
        Assert.Equal(copied, await File.ReadAllTextAsync((await download.PathAsync())!, TestContext.Current.CancellationToken));
        Assert.Contains("lxcfs-proc-meminfo", copied, StringComparison.Ordinal);
    }

    private static async Task Files(Visit visit)
    {
        var file = Payload("one.yaml", "kind: Pod\nmetadata: { name: from-a-file }\napiVersion: v1\n");
        await visit.WhileAskingAsync(() => visit.Page.SetInputFilesAsync("#file", file));
        await Expect(visit.Documents).ToContainTextAsync("from-a-file");
        await visit.WriteAsync("apiVersion: v1\nkind: Pod\nmetadata: { name: written }\n");
        await Expect(visit.Documents).ToContainTextAsync("written");
        await visit.Page.ClickAsync("label[for=file]");
        await visit.Page.ClickAsync("#clear");
        await Expect(visit.Manifest).ToHaveValueAsync("");
        await Expect(visit.Summary).ToHaveTextAsync("Nothing to look at yet.");
        await Expect(visit.Page.Locator("#after")).ToBeHiddenAsync();
    }

    private static async Task Node(Visit visit)
    {
        await visit.ShowAsync("exampleTraining");
        await visit.WhileAskingAsync(() => visit.Page.FillAsync("#cpus", "48"));
        await visit.WhileAskingAsync(() => visit.Page.FillAsync("#memory", "96Gi"));
        await Expect(visit.Page.GetByRole(AriaRole.Row, new() { Name = "busybox free 96 GiB" })).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Row, new() { Name = "nproc 48" })).ToBeVisibleAsync();
        await visit.Page.FillAsync("#memory", "much");
        await Expect(visit.Page.Locator("#node-refusal")).ToContainTextAsync("512Gi");
        await visit.WhileAskingAsync(() => visit.Page.FillAsync("#memory", "96Gi"));
        await Expect(visit.Page.Locator("#node-refusal")).ToBeEmptyAsync();
        await visit.WhileAskingAsync(() => visit.Page.CheckAsync("#enforced"));
        await Expect(visit.Documents).ToHaveClassAsync("document Skipped");
        await visit.WhileAskingAsync(() => visit.Page.UncheckAsync("#enforced"));
        await Expect(visit.Documents).ToHaveClassAsync("document Patched");
    }

    private static async Task Preferences(Visit visit)
    {
        await visit.Page.SelectOptionAsync("#theme", "dark");
        Assert.Equal("rgb(15, 20, 18)", await Ground(visit));
        await visit.Page.SelectOptionAsync("#theme", "light");
        Assert.Equal("rgb(244, 246, 244)", await Ground(visit));
        await visit.Page.ClickAsync("#language");
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("我的容器会看到什么？");
        await Expect(visit.Documents.Locator(".verdict")).ToContainTextAsync("视图");
        await visit.Page.ClickAsync("#language");
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("What will my container see?");
    }

    private static async Task SkipLinks(Visit visit)
    {
        foreach (var target in new[] { "manifest", "result" })
        {
            await visit.Page.Locator($".skip[href='#{target}']").FocusAsync();
            await visit.Page.Keyboard.PressAsync("Enter");
            await Expect(visit.Page.Locator($"#{target}")).ToBeFocusedAsync();
        }
    }

    private static Task<string> Ground(Visit visit) => visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static FilePayload Payload(string name, string text) =>
        new() { Name = name, MimeType = "application/yaml", Buffer = System.Text.Encoding.UTF8.GetBytes(text) };
}
