namespace LxcfsFunctions.Infra.Tests.Documentation;

/// <summary>A page in Chinese says what its original says; what is no language, it has word for word.</summary>
public sealed class TranslationTests
{
    public static TheoryData<string> Pages() => [.. Translation.All()];

    [Fact]
    public void There_is_a_quick_start_and_what_people_look_up() => Assert.Equal(
        ["README.zh-CN.md", "docs/troubleshooting.zh-CN.md", "docs/what-you-see.zh-CN.md"], Translation.All());

    [Theory]
    [MemberData(nameof(Pages))]
    public void It_has_the_headings_of_its_original(string page) => Assert.Equal(Original(page).HeadingLevels, Markdown.Read(page).HeadingLevels);

    [Theory]
    [MemberData(nameof(Pages))]
    public void It_has_the_tables_of_its_original_row_by_row(string page) => Assert.Equal(Original(page).Rows, Markdown.Read(page).Rows);

    [Theory]
    [MemberData(nameof(Pages))]
    public void It_has_the_commands_of_its_original_and_what_they_print(string page) => Assert.Equal(Original(page).Blocks, Markdown.Read(page).Blocks);

    [Theory]
    [MemberData(nameof(Pages))]
    public void It_names_the_same_things_in_each_section(string page) => Assert.Equal(Original(page).Codes, Markdown.Read(page).Codes);

    [Theory]
    [MemberData(nameof(Pages))]
    public void It_leads_where_its_original_leads(string page) => Assert.Equal(Original(page).Links, Markdown.Read(page).Links);

    [Theory]
    [MemberData(nameof(Pages))]
    public void It_leads_to_pages_in_its_own_language_where_there_are_any(string page)
    {
        var original = Translation.OriginalOf(page);
        Assert.Equal([original], Markdown.Read(page).Pages.Intersect(Translation.All().Select(Translation.OriginalOf)));
        Assert.Equal([page], Markdown.Read(original).Pages.Where(Translation.Is));
    }

    private static Markdown Original(string page) => Markdown.Read(Translation.OriginalOf(page));
}
