using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(LxcfsFunctions.Page.Tests.Rig.Chromium))]
// Two browsers at once on two processors take longer than one after the other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace LxcfsFunctions.Page.Tests.Rig;

/// <summary>Debian's headless Chromium, started once; it can resolve no name, so it can reach no other host.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>The first that is there. A whole browser without a window takes twice the processor time.</summary>
    private static readonly string[] Paths = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    private const float Patience = 60_000;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Array.Find(Paths, File.Exists) is not { } path)
            return;
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        // Playwright makes a new and empty user-data-dir for each start.
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
        });
    }

    /// <summary>A window with nothing remembered.</summary>
    internal async Task<IBrowserContext> OpenAsync(Look look)
    {
        Assert.SkipWhen(_browser is null, $"there is no {Paths[0]}: apt-get install chromium-headless-shell");
        var context = await _browser.NewContextAsync(new()
        {
            AcceptDownloads = true,
            ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            IgnoreHTTPSErrors = true,
            JavaScriptEnabled = look.Scripts,
            Locale = look.Chinese ? "zh-CN" : "en-GB",
            ViewportSize = new() { Width = look.Width, Height = look.Height },
        });
        context.SetDefaultTimeout(Patience);
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>Whose eyes the page is seen with.</summary>
internal sealed record Look
{
    public int Width { get; init; } = 1360;
    public int Height { get; init; } = 900;
    public bool Dark { get; init; }
    public bool Chinese { get; init; }
    public bool Scripts { get; init; } = true;

    public static Look Phone { get; } = new() { Width = 320, Height = 720 };
}
