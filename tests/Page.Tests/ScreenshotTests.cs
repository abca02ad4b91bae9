using LxcfsFunctions.Page.Tests.Rig;
using LxcfsFunctions.Tests;

namespace LxcfsFunctions.Page.Tests;

/// <summary>Pictures for people to look at, in artifacts/page.</summary>
public sealed class ScreenshotTests(Chromium chromium, Site site) : IClassFixture<Site>
{
    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "page");

    [Theory, MemberData(nameof(Looks.All), MemberType = typeof(Looks))]
    public async Task Every_state_fits_its_width_and_is_kept_as_a_picture(string look)
    {
        Directory.CreateDirectory(Folder);
        var eyes = Looks.Find(look);
        await using var visit = await Visit.OpenAsync(chromium, site, eyes);
        foreach (var (state, reach) in Looks.States)
        {
            await reach(visit);
            Assert.Equal(eyes.Width, await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            var picture = await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{look}-{state}.png"), FullPage = true });
            Assert.NotEmpty(picture);
        }
    }
}
