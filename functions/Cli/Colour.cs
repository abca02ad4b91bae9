namespace LxcfsFunctions.Cli;

/// <summary>Colours, where a terminal looks and nobody minds (no-color.org).</summary>
internal static class Colour
{
    private const string Red = "31";
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Cyan = "36";
    private const string Bold = "1";

    private static readonly bool IsWanted = !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static string OfDiff(string line) => line switch
    {
        ['-', '-', '-', ' ', ..] or ['+', '+', '+', ' ', ..] => Paint(Bold, line),
        ['+', ..] => Paint(Green, line),
        ['-', ..] => Paint(Red, line),
        ['@', ..] => Paint(Cyan, line),
        _ => line,
    };

    public static string Good(string text) => Paint(Green, text);

    public static string Bad(string text) => Paint(Red, text);

    public static string Doubtful(string text) => Paint(Yellow, text);

    public static string Heading(string text) => Paint(Bold, text);

    private static string Paint(string code, string text) => IsWanted ? $"\e[{code}m{text}\e[0m" : text;
}
