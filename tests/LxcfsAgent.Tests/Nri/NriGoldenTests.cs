using System.Globalization;
using System.Text;

namespace LxcfsAgent.Tests.Nri;

/// <summary>
/// What a real runtime sent, byte for byte, a message a folder: <c>received.hex</c>, and in <c>told.txt</c> what the plugin is told by it and
/// what is answered; <c>UPDATE_GOLDEN=1</c> rewrites the latter.
/// </summary>
public sealed class NriGoldenTests
{
    private static readonly string Root = Path.Combine(DocumentationTests.Repository, "tests/LxcfsAgent.Tests/TestData/nri");

    public static TheoryData<string> Names => [.. Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<byte[]> Received() => [.. Directory.EnumerateDirectories(Root).Select(Received)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_received_is_understood_as_its_folder_says(string name)
    {
        var folder = Path.Combine(Root, name);
        var text = Tell(Received(folder));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            File.WriteAllText(folder + "/told.txt", text);

        Assert.Equal(File.ReadAllText(folder + "/told.txt"), text);
        Assert.Equal(["received.hex", "told.txt"], Directory.EnumerateFileSystemEntries(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void There_is_a_folder_for_each_kind_of_message() => Assert.True(Names.Count >= 7, $"only {Names.Count} folders");

    private static byte[] Received(string folder) => Convert.FromHexString(string.Concat(File.ReadLines(folder + "/received.hex")));

    private static string Tell(byte[] received)
    {
        var wire = new PlayedWire();
        wire.Plugin.OnCreate = () => Samples.Adjustment;
        // Ends once all is told that is to be told.
        using (wire)
            wire.Conversation.Receive(received);
        var text = new StringBuilder();
        while (wire.Plugin.Calls.TryTake(out var call))
            text.AppendLine(CultureInfo.InvariantCulture, $"told: {call}");
        foreach (var pod in wire.Plugin.Pods)
            text.AppendLine(CultureInfo.InvariantCulture, $"has: {Samples.Show(pod)}");
        foreach (var container in wire.Plugin.Containers)
            text.AppendLine(CultureInfo.InvariantCulture, $"has: {Samples.Show(container)}");
        foreach (var answer in wire.Answers())
            text.AppendLine(CultureInfo.InvariantCulture, $"answered {answer.Stream}: {Convert.ToHexStringLower(answer.Payload)}");
        return text.ToString();
    }
}
