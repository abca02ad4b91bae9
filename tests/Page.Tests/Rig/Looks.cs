namespace LxcfsFunctions.Page.Tests.Rig;

/// <summary>The looks and the states that pictures are taken of and that axe judges.</summary>
internal static class Looks
{
    // Every width in both themes and both languages, and every theme in both languages: what is left out are only combinations of three.
    private static readonly Dictionary<string, Look> Known = new[] { true, false }.SelectMany(phone => new[] { true, false }.Select(
        dark => (phone ? Look.Phone : new Look()) with { Dark = dark, Chinese = phone == dark }))
        .ToDictionary(look => $"{(look.Width < 600 ? "phone" : "desktop")}-{(look.Dark ? "dark" : "light")}-{(look.Chinese ? "zh" : "en")}");

    public static TheoryData<string> All => [.. Known.Keys];

    /// <summary>In this order, each from the one before.</summary>
    public static IReadOnlyList<(string State, Func<Visit, Task> Reach)> States { get; } =
    [
        ("empty", _ => Task.CompletedTask),
        ("patched", visit => visit.ShowAsync("exampleTraining")),
        ("warned", visit => visit.ShowAsync("exampleDeployment")),
        ("skipped", visit => visit.ShowAsync("exampleOptedOut")),
        ("denied", visit => visit.ShowAsync("exampleError")),
        ("error", visit => visit.WriteAsync("kind: Pod\nspec:\n  containers: [")),
        ("node", visit => visit.Page.FillAsync("#memory", "much")),
    ];

    public static Look Find(string name) => Known[name];
}
