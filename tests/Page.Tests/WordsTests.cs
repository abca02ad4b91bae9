using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LxcfsFunctions.Admission;
using LxcfsFunctions.Explain;
using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;
using LxcfsFunctions.Manifests;
using LxcfsFunctions.Page.Tests.Rig;
using LxcfsFunctions.Tests;
using Microsoft.Extensions.Configuration;
using static Microsoft.Playwright.Assertions;

namespace LxcfsFunctions.Page.Tests;

/// <summary>Nothing is said in one language only.</summary>
public sealed partial class WordsTests(Chromium chromium, Site site) : IClassFixture<Site>
{
    private static readonly string Golden = Path.Combine(Repository.TestData, "golden");

    [Fact]
    public async Task Every_word_is_there_in_both_languages_with_the_same_values()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        var words = await Import<Dictionary<string, string[]>>(visit, "words.js", "words");
        Assert.All(words, word => AssertPair(word.Key, word.Value));
        var used = Directory.GetFiles(Path.Combine(Repository.Root, "functions", "preview", "site")).SelectMany(file => Used().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups.Values.Skip(1).Single(group => group.Success).Value);
        Assert.All(used, key => Assert.Contains(key, words.Keys));
    }

    [Fact]
    public async Task Every_verdict_and_every_reason_is_there_in_both_languages()
    {
        await using var visit = await Visit.OpenAsync(chromium, site);
        var verdicts = await Import<Dictionary<string, string[]>>(visit, "reasons.js", "verdicts");
        Assert.All(verdicts, verdict => AssertPair(verdict.Key, verdict.Value));
        Assert.All(Enum.GetNames<SkipReason>(), reason => Assert.Contains($"Skipped.{reason}", verdicts.Keys));
        Assert.All(Enum.GetNames<PreviewOutcome>(), outcome => Assert.True(verdicts.ContainsKey(outcome) || outcome == nameof(PreviewOutcome.Skipped), outcome));

        var reasons = await Import<Dictionary<string, string[]>>(visit, "reasons.js", "reasons");
        Assert.Equal(
            Enum.GetValues<SightReason>().Select(reason => (reason.ToString(), reason.Text())).Order(),
            reasons.Select(pair => (pair.Key, pair.Value[0])).Order());
        Assert.All(reasons, reason => AssertPair(reason.Key, reason.Value));
        var fixes = await Import<Dictionary<string, string[]>>(visit, "reasons.js", "fixes");
        Assert.Equal(
            Enum.GetValues<SightFix>().Where(fix => fix != SightFix.None).Select(fix => (fix.ToString(), fix.Text())).Order(),
            fixes.Select(pair => (pair.Key, pair.Value[0])).Order());
        Assert.All(fixes, fix => AssertPair(fix.Key, fix.Value));
        var values = await Import<Dictionary<string, string[]>>(visit, "reasons.js", "values");
        Assert.Equal(SightRows.Codes.Values.Order(StringComparer.Ordinal), values.Keys.Order(StringComparer.Ordinal));
        Assert.All(values, value => AssertPair(value.Key, value.Value));
    }

    /// <summary>The golden cases hold every warning and every denial of the webhooks.</summary>
    [Fact]
    public async Task Every_message_is_said_in_Chinese_too_with_the_same_values()
    {
        var said = Directory.GetFiles(Golden, "review.json", SearchOption.AllDirectories).SelectMany(MessagesOf).Concat(OfManifests()).DistinctBy(message => message.Code).ToArray();
        Assert.True(said.Length > 15, $"only {said.Length} messages");
        await using var visit = await Visit.OpenAsync(chromium, site, new() { Chinese = true });
        var messages = await Import<Dictionary<string, string>>(visit, "reasons.js", "messages");
        Assert.Equal(said.Select(message => message.Code).Order(StringComparer.Ordinal), messages.Keys.Order(StringComparer.Ordinal));
        Assert.All(said, message => Assert.Equal(PlacesIn(message.Template), PlacesIn(messages[message.Code])));
        Assert.All(messages.Values, text => Assert.Matches("[\\u4e00-\\u9fff]", text));
        var translated = await visit.Page.EvaluateAsync<string[]>(
            "async messages => { const { translate } = await import('./speech.js'); return messages.map(each => translate(each)); }",
            said.Select(message => new { code = message.Code, values = message.Values }));
        Assert.All(said.Zip(translated), pair => Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, messages[pair.First.Code], pair.First.Values), pair.Second));

        static IEnumerable<string> PlacesIn(string text) => Values().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<Message> MessagesOf(string review)
    {
        var settings = Path.Combine(Path.GetDirectoryName(review)!, "settings.json");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            File.Exists(settings) ? JsonNode.Parse(File.ReadAllText(settings))!.AsObject().Select(member => KeyValuePair.Create($"Lxcfs:{member.Key}", (string?)member.Value!)) : []);
        var options = LxcfsOptions.Read(new SettingsReader(configuration.Build()));
        var request = PodReview.Read(File.ReadAllBytes(review));
        return ((AdmissionDecision[])[new PodMutator(options, forbidsHostPath: review.Contains("mutate-node/", StringComparison.Ordinal)).Decide(request), new PodValidator(options).Decide(request)])
            .SelectMany(decision => decision.Warnings.Concat(decision.Causes.Select(cause => cause.Message)));
    }

    private static IEnumerable<Message> OfManifests() => typeof(ManifestProblems).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Select(method => (Message)method.Invoke(null, [.. method.GetParameters().Select(parameter => parameter.ParameterType == typeof(int) ? (object)7 : "seven")])!);

    [Fact]
    public async Task What_the_page_says_before_its_script_runs_is_what_the_script_says()
    {
        await using var plain = await Visit.OpenAsync(chromium, site, new() { Scripts = false });
        var html = Texts().Matches(await (await plain.Page.GotoAsync(plain.Page.Url))!.TextAsync());
        await using var visit = await Visit.OpenAsync(chromium, site);
        var words = await Import<Dictionary<string, string[]>>(visit, "words.js", "words");
        Assert.NotEmpty(html);
        Assert.All(html, match => Assert.Equal(words[match.Groups[1].Value][0], System.Net.WebUtility.HtmlDecode(match.Groups[2].Value)));
    }

    [Fact]
    public async Task The_language_and_the_colours_follow_the_browser_until_they_are_chosen()
    {
        await using var visit = await Visit.OpenAsync(chromium, site, new() { Chinese = true, Dark = true });
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-Hans");
        Assert.Equal("rgb(15, 20, 18)", await visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await visit.Page.ClickAsync("#language");
        await visit.Page.SelectOptionAsync("#theme", "light");
        await visit.Page.FillAsync("#cpus", "48");

        await visit.Page.ReloadAsync();
        await visit.Page.WaitForSelectorAsync("[data-ready]");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("What will my container see?");
        await Expect(visit.Page.Locator("#cpus")).ToHaveValueAsync("48");
        Assert.Equal("rgb(244, 246, 244)", await visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }

    private static async Task<T> Import<T>(Visit visit, string module, string name) => JsonSerializer.Deserialize<T>(
        await visit.Page.EvaluateAsync<string>("async ([module, name]) => JSON.stringify((await import(`./${module}`))[name])", new[] { module, name }))!;

    private static void AssertPair(string key, string[] pair)
    {
        Assert.True(pair is [{ Length: > 0 }, { Length: > 0 }], key);
        // One form may serve for several in Chinese, but no value may get lost.
        Assert.Equal(ValuesIn(pair[0].Split('|')[0]), ValuesIn(pair[1]));

        static IEnumerable<string> ValuesIn(string text) => Values().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);
    }

    [GeneratedRegex("""\{\w+\}""")]
    private static partial Regex Values();

    [GeneratedRegex("""\bsay\('(\w+)'|data-word(?:-label)?="(\w+)"|refuse\('(\w+)'""")]
    private static partial Regex Used();

    [GeneratedRegex("""data-word="(\w+)"[^>]*>([^<]+)<""")]
    private static partial Regex Texts();
}
