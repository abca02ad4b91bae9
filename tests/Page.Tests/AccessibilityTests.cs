using LxcfsFunctions.Page.Tests.Rig;
using static Microsoft.Playwright.Assertions;

namespace LxcfsFunctions.Page.Tests;

/// <summary>Whoever can't see it well, or uses no mouse, can use all of it.</summary>
public sealed class AccessibilityTests(Chromium chromium, Site site) : IClassFixture<Site>
{
    [Theory, MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Axe_finds_nothing_in_any_state(string look)
    {
        await using var visit = await Visit.OpenAsync(chromium, site, Looks.Find(look));
        foreach (var (state, reach) in Looks.States)
        {
            await reach(visit);
            await Axe.FindsNothingAsync(visit, $"{look}, {state}");
        }
    }

    [Fact]
    public async Task The_keyboard_alone_is_enough()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        var keyboard = visit.Page.Keyboard;
        await keyboard.PressAsync("Tab");
        await Expect(visit.Page.Locator(".skip").First).ToBeFocusedAsync();
        await Expect(visit.Page.Locator(".skip").First).ToBeInViewportAsync();
        await keyboard.PressAsync("Enter");
        await Expect(visit.Manifest).ToBeFocusedAsync();

        await visit.WhileAskingAsync(() => keyboard.InsertTextAsync(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: typed\nspec:\n  containers:\n    - name: main\n      image: x\n"));
        await Expect(visit.Documents).ToContainTextAsync("typed");
        await TabToAsync(visit, "[data-word=exampleError]");
        await visit.WhileAskingAsync(() => keyboard.PressAsync("Enter"));
        await Expect(visit.Documents).ToHaveClassAsync("document Denied");
        await TabToAsync(visit, ".said .place");
        await keyboard.PressAsync("Enter");
        await Expect(visit.Manifest).ToBeFocusedAsync();

        await visit.ShowAsync("exampleTraining");
        await visit.Manifest.FocusAsync();
        await TabToAsync(visit, "#cpus");
        await keyboard.PressAsync("Control+A");
        await visit.WhileAskingAsync(() => keyboard.TypeAsync("64"));
        await TabToAsync(visit, "summary");
        await keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("table")).ToBeHiddenAsync();
        await keyboard.PressAsync("Space");
        await Expect(visit.Page.Locator("table")).ToBeVisibleAsync();
        await TabToAsync(visit, "#copy");
        await keyboard.PressAsync("Space");
        await Expect(visit.Page.Locator("#kept")).ToHaveTextAsync("Copied.");
        await TabToAsync(visit, "#diff");
        await keyboard.PressAsync("End");
        await TabToAsync(visit, "#theme");
        await keyboard.PressAsync("ArrowDown");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
    }

    [Fact]
    public async Task What_came_out_is_said_to_a_screen_reader_and_only_that()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        var live = visit.Page.Locator("[role=status]");
        await Expect(visit.Summary).ToHaveRoleAsync(Microsoft.Playwright.AriaRole.Status);
        await visit.ShowAsync("exampleDeployment");
        await Expect(visit.Summary).ToContainTextAsync("1 gets the view");
        await Expect(live.Locator("table")).ToHaveCountAsync(0);
        var table = visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Table, new() { Name = "What commands show in server" });
        await Expect(table.GetByRole(Microsoft.Playwright.AriaRole.Columnheader)).ToHaveCountAsync(5);
        await Expect(table.GetByRole(Microsoft.Playwright.AriaRole.Rowheader, new() { Name = "nproc" }).First).ToBeVisibleAsync();
    }

    /// <summary>Tabs on until the focus is there, and finds it visible on every way station: never lost, never caught.</summary>
    private static async Task TabToAsync(Visit visit, string selector)
    {
        for (var steps = 0; steps < 100; steps++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            var (there, seen) = (await IsFocused(visit, selector), await IsFocusSeen(visit));
            Assert.True(seen, $"the focus is not to be seen at {await visit.Page.EvaluateAsync<string>("document.activeElement.outerHTML.slice(0, 200)")}");
            if (there)
                return;
        }

        Assert.Fail($"the keyboard does not reach {selector}");
    }

    private static Task<bool> IsFocused(Visit visit, string selector) =>
        visit.Page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector);

    /// <summary>At the element itself, or at the one that stands for it.</summary>
    private static Task<bool> IsFocusSeen(Visit visit) => visit.Page.EvaluateAsync<bool>("""
        () => {
          const element = document.activeElement;
          if (element === document.body) return true;
          const seen = { manifest: '.editor', file: 'label[for=file]' }[element.id];
          const style = getComputedStyle(seen ? document.querySelector(seen) : element);
          return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        }
        """);
}
