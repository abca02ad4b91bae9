using System.Text;
using LxcfsFunctions.Page.Tests.Rig;
using static Microsoft.Playwright.Assertions;

namespace LxcfsFunctions.Page.Tests;

/// <summary>Whatever is thrown at it, it says what is wrong and goes on working.</summary>
public sealed class GarbageTests(Chromium chromium, Site site) : IClassFixture<Site>
{
    private const int TwoMegabytes = 2_000_000;

    [Fact]
    public async Task Two_megabytes_that_are_pasted_stay_outside_with_a_clear_message()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        await visit.ShowAsync("exampleTraining");
        var before = await visit.Manifest.InputValueAsync();
        await visit.Page.EvaluateAsync("text => navigator.clipboard.writeText(text)", Garbage(TwoMegabytes));
        await visit.Manifest.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Control+V");
        await Expect(visit.Page.Locator("#refusal")).ToContainTextAsync("at most 1.0 MiB");
        Assert.Equal(before, await visit.Manifest.InputValueAsync());
        await GoesOnAsync(visit);
    }

    [Fact]
    public async Task Two_megabytes_that_are_dropped_stay_outside_with_a_clear_message()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        await DropAsync(visit, "garbage.yaml", Encoding.Latin1.GetBytes(Garbage(TwoMegabytes)));
        await Expect(visit.Page.Locator("#refusal")).ToContainTextAsync("1.9 MiB");
        await GoesOnAsync(visit);
    }

    [Fact]
    public async Task Garbage_that_is_small_enough_is_read_and_its_fault_named()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        await DropAsync(visit, "garbage.yaml", Encoding.Latin1.GetBytes(Garbage(900_000)));
        await Expect(visit.Page.Locator("#result")).ToHaveAttributeAsync("data-state", "answered");
        await Expect(visit.Page.Locator("#documents > .said.bad")).ToBeVisibleAsync();
        await GoesOnAsync(visit);
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_not_opened()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        foreach (var bytes in new byte[][] { [0x7f, (byte)'E', (byte)'L', (byte)'F', 0xff, 0xfe], [(byte)'a', 0, (byte)'b'] })
        {
            await DropAsync(visit, "picture.png", bytes);
            await Expect(visit.Page.Locator("#refusal")).ToContainTextAsync("picture.png is not text");
            await GoesOnAsync(visit);
        }
    }

    [Fact]
    public async Task Aliases_that_would_grow_without_end_are_refused()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        var levels = Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]");
        await visit.WriteAsync("kind: Pod\napiVersion: v1\na0: &a0 [x, x]\n" + string.Join('\n', levels));
        await Expect(visit.Page.Locator("#result")).ToHaveAttributeAsync("data-state", "answered");
        await Expect(visit.Page.Locator("#documents > .said.bad")).ToBeVisibleAsync();
        await GoesOnAsync(visit);
    }

    [Fact]
    public async Task Markup_in_a_manifest_stays_text()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        const string markup = "<img src=x onerror=alert(1)><script>alert(2)</script>";
        await visit.WriteAsync($"apiVersion: v1\nkind: Pod\nmetadata:\n  name: '{markup}'\nspec:\n  containers:\n    - name: '{markup}'\n      image: x\n");
        await Expect(visit.Documents.Locator("h3")).ToContainTextAsync(markup);
        await Expect(visit.Page.Locator("main img, main script")).ToHaveCountAsync(0);
    }

    private static async Task GoesOnAsync(Visit visit)
    {
        await visit.ShowAsync("exampleError");
        await Expect(visit.Documents).ToHaveClassAsync("document Denied");
        await Expect(visit.Page.Locator("#refusal")).ToBeEmptyAsync();
    }

    private static async Task DropAsync(Visit visit, string name, byte[] bytes)
    {
        var carried = await visit.Page.EvaluateHandleAsync(
            """
            ([name, base64]) => {
              const carried = new DataTransfer();
              carried.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name));
              return carried;
            }
            """,
            new[] { name, Convert.ToBase64String(bytes) });
        await visit.Page.DispatchEventAsync("body", "dragover", new { dataTransfer = carried });
        await Expect(visit.Page.Locator("#drop")).ToBeVisibleAsync();
        await visit.Page.DispatchEventAsync("body", "drop", new { dataTransfer = carried });
        await Expect(visit.Page.Locator("#drop")).ToBeHiddenAsync();
    }

    /// <summary>The same at every run.</summary>
    private static string Garbage(int length)
    {
        var random = new Random(20);
        return string.Create(length, random, (text, source) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = source.Next(60) == 0 ? '\n' : (char)source.Next(33, 127);
        });
    }
}
