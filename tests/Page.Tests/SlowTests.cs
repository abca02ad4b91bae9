using LxcfsFunctions.Page.Tests.Rig;
using static Microsoft.Playwright.Assertions;

namespace LxcfsFunctions.Page.Tests;

/// <summary>A network that is slow, a program that is gone, a browser without scripts.</summary>
public sealed class SlowTests(Chromium chromium, Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task What_is_pasted_before_the_script_arrives_is_looked_at_when_it_does()
    {
        await using var visit = await Visit.PrepareAsync(chromium, site, new());
        var arrives = new TaskCompletionSource();
        await visit.Page.RouteAsync("**/page.js", async route =>
        {
            await arrives.Task;
            await route.ContinueAsync();
        });
        await visit.Page.GotoAsync(site.Origin, new() { WaitUntil = Microsoft.Playwright.WaitUntilState.Commit });
        await visit.Manifest.FillAsync("apiVersion: v1\nkind: Pod\nmetadata:\n  name: early\n");
        arrives.SetResult();
        await Expect(visit.Documents).ToContainTextAsync("early");
    }

    [Fact]
    public async Task A_newer_question_ends_the_older_one()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        visit.Expected.Add("net::ERR_ABORTED");
        var held = new TaskCompletionSource();
        var ended = new TaskCompletionSource<string>();
        visit.Page.RequestFailed += (_, request) => ended.TrySetResult(request.PostData ?? "");
        await visit.Page.RouteAsync("**/preview?*", async route =>
        {
            if (route.Request.PostData!.Contains("older", StringComparison.Ordinal))
                held.SetResult();
            else
                await route.ContinueAsync();
        });
        await visit.Manifest.FillAsync("apiVersion: v1\nkind: Pod\nmetadata:\n  name: older\n");
        await held.Task;
        await Expect(visit.Summary).ToHaveTextAsync("Asking the program…");
        await visit.Manifest.FillAsync("apiVersion: v1\nkind: Pod\nmetadata:\n  name: newer\n");
        await Expect(visit.Documents).ToContainTextAsync("newer");
        Assert.Contains("older", await ended.Task, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_gone_is_said_to_be_and_asked_again_when_it_is_back()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        visit.Expected.Add("net::ERR_CONNECTION_REFUSED");
        await site.Program.TerminateAsync();
        await visit.ShowAsync("exampleTraining");
        await Expect(visit.Summary).ToContainTextAsync("does not answer");
        await Axe.FindsNothingAsync(visit, "unreachable");
        await site.Program.DisposeAsync();
        await site.StartAsync();
        await visit.ShowAsync("exampleError");
        await Expect(visit.Documents).ToHaveClassAsync("document Denied");
    }

    [Fact]
    public async Task Without_JavaScript_the_page_says_what_it_needs_in_both_languages()
    {
        await using var visit = await Visit.OpenAsync(chromium, site, new() { Scripts = false });
        var notices = visit.Page.Locator(".notice");
        await Expect(notices.First).ToContainTextAsync("needs JavaScript");
        await Expect(notices.First).ToContainTextAsync("lxcfs-functions explain -f");
        await Expect(notices.Last).ToContainTextAsync("需要 JavaScript");
        await Expect(notices.Last).ToBeVisibleAsync();
    }
}
