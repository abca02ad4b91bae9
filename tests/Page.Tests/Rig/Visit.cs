using Microsoft.Playwright;

namespace LxcfsFunctions.Page.Tests.Rig;

/// <summary>
/// Somebody at the page. When the visit ends nothing may have been asked of another host, and the browser may have complained
/// of nothing: no error in a script, no violation of the policy, no file that was not there.
/// </summary>
internal sealed class Visit : IAsyncDisposable
{
    private const string ReportViolations =
        "addEventListener('securitypolicyviolation', event => console.error(`violates ${event.violatedDirective}: ${event.blockedURI}`))";

    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private Visit(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Complaints that a test provokes, by a part of their text.</summary>
    public List<string> Expected { get; } = [];

    public ILocator Manifest => Page.Locator("#manifest");

    public ILocator Summary => Page.Locator("#summary");

    public ILocator Documents => Page.Locator(".document");

    public static async Task<Visit> OpenAsync(Chromium chromium, Site site, Look? look = null)
    {
        var visit = await PrepareAsync(chromium, site, look ?? new());
        await visit.Page.GotoAsync(site.Origin);
        if (look?.Scripts ?? true)
            await visit.Page.WaitForSelectorAsync("[data-ready]");
        return visit;
    }

    /// <summary>Watches from before the first request.</summary>
    public static async Task<Visit> PrepareAsync(Chromium chromium, Site site, Look look)
    {
        var context = await chromium.OpenAsync(look);
        await context.AddInitScriptAsync(ReportViolations);
        var visit = new Visit(context, await context.NewPageAsync());
        var page = visit.Page;
        context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(site.Origin + "/", StringComparison.Ordinal) && !request.Url.StartsWith($"blob:{site.Origin}/", StringComparison.Ordinal))
                visit._complaints.Add($"a request to {request.Url}");
        };
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                visit._complaints.Add(message.Text);
        };
        page.PageError += (_, error) => visit._complaints.Add(error);
        return visit;
    }

    public Task ShowAsync(string example) => WhileAskingAsync(() => Page.ClickAsync($"[data-word={example}]"));

    public Task WriteAsync(string manifest) => WhileAskingAsync(() => Manifest.FillAsync(manifest));

    /// <summary>Does what makes the page ask, and waits until what was answered is shown.</summary>
    public async Task WhileAskingAsync(Func<Task> act)
    {
        await act();
        await Page.WaitForSelectorAsync("#result[aria-busy=false]");
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        if (TestContext.Current.TestState?.Result != TestResult.Failed)
            Assert.DoesNotContain(_complaints, complaint => !Expected.Any(part => complaint.Contains(part, StringComparison.Ordinal)));
    }
}
