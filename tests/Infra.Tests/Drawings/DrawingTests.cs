using System.Xml;
using System.Xml.Linq;

namespace LxcfsFunctions.Infra.Tests.Drawings;

/// <summary>The drawings in docs are what their sources say, in either theme of the reader's.</summary>
public sealed class DrawingTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly string _folder = Directory.CreateTempSubdirectory("lxcfs-drawings-").FullName;

    public static TheoryData<string> Names() =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.dot").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_shows_what_its_source_makes(string name)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dot"), "graphviz is not installed");
        (await Command.RunAsync("bash", ["docs/draw.sh", _folder])).Succeeded();

        // Places and sizes depend on the machine's fonts; nodes, edges, classes and words don't.
        Assert.Equal(Content(Path.Combine(_folder, name + ".svg")), Content(Committed(name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_readable_in_light_and_dark(string name)
    {
        var drawing = Load(Committed(name));
        var style = drawing.Descendants(Svg + "style").Single().Value;

        Assert.Contains("@media (prefers-color-scheme: dark)", style, StringComparison.Ordinal);
        // A background of its own would hide the page's.
        Assert.DoesNotContain(drawing.Descendants(Svg + "polygon"), polygon => (string?)polygon.Attribute("fill") == "white");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_shows_it_with_words_for_those_who_do_not_see_it(string name) => Assert.Contains(
        Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Append(Path.Combine(Repository.Root, "README.md")).SelectMany(File.ReadLines),
        line => (line.Contains($"]({name}.svg)", StringComparison.Ordinal) || line.Contains($"](docs/{name}.svg)", StringComparison.Ordinal))
            && line.Length > 60 + name.Length);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Committed(string name) => Path.Combine(Repository.Root, "docs", name + ".svg");

    private static string[] Content(string file) =>
    [
        .. Load(file).Descendants().Where(element => element.Name == Svg + "title" || element.Name == Svg + "text" || element.Name == Svg + "style")
            .Select(element => $"{(string?)element.Parent!.Attribute("class")}: {element.Value}").Order(StringComparer.Ordinal),
    ];

    private static XDocument Load(string file)
    {
        using var reader = XmlReader.Create(file, new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        return XDocument.Load(reader);
    }
}
