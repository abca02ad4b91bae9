using System.Text.Json;
using LxcfsAgent.Commands;
using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

/// <summary>Whatever is left alone is told, by a code to programs and in a row to people.</summary>
public sealed class StatusTests
{
    private const string Ours = "0:9", Lxd = "0:77", Hostile = "\u001b]0;x\a\r\nmnt:[2] Healthy \u202e\u009b1m\ud800";

    private static readonly ScanSummary Plain = new(1, 0, [], [Ours, Lxd], [], [], Complete: true);
    private static readonly string Readme = File.ReadAllText(Path.Combine(DocumentationTests.Repository, "lxcfs-daemonset/README.md"));

    public static TheoryData<string> Codes => [.. Enum.GetNames<LeftAloneCode>()];

    public static TheoryData<string> States => [.. Enum.GetNames<FileState>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Everything_that_is_left_alone_has_a_code_a_row_and_a_place_in_the_readme(string name)
    {
        var status = StatusOf(Enum.Parse<LeftAloneCode>(name));

        var left = Assert.Single(Json(status).RootElement.GetProperty("leftAlone").EnumerateArray());
        Assert.Equal(name, left.GetProperty("code").GetString());
        Assert.NotEqual("", left.GetProperty("detail").GetString());
        var row = Assert.Single(Text(status).Split('\n'), line => line.StartsWith(name + " ", StringComparison.Ordinal));
        Assert.EndsWith(left.GetProperty("detail").GetString()!, row, StringComparison.Ordinal);
        Assert.Contains($"`{name}`", Readme, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_of_a_file_is_its_container_s_and_has_a_code_a_row_and_a_place_in_the_readme(string name)
    {
        var status = Of(new([ContainerWith(Enum.Parse<FileState>(name))], Plain));

        var container = Assert.Single(Json(status).RootElement.GetProperty("containers").EnumerateArray());
        Assert.Equal(name, container.GetProperty("state").GetString());
        Assert.Equal(name, Assert.Single(container.GetProperty("files").EnumerateArray()).GetProperty("state").GetString());
        Assert.Contains($"  {name}  ", Assert.Single(Text(status).Split('\n'), line => line.StartsWith("mnt:[1]", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains($"`{name}`", Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void One_file_that_is_not_well_is_what_a_container_is_told_by() =>
        Assert.All(Enum.GetValues<FileState>(), state => Assert.Equal(
            state,
            Assert.Single(Of(new([ContainerWith(FileState.Healthy) with { Files = [FileIn(FileState.Healthy), FileIn(state)] }], Plain)).Containers).State));

    [Fact]
    public void A_scan_that_left_something_out_says_why()
    {
        Assert.Equal("there was no time for every process", Assert.Single(StatusOf(LeftAloneCode.Incomplete).LeftAlone).Detail);
        Assert.Equal(
            "it could not be told of every process where it is", Assert.Single(Of(new([], Plain with { Complete = false })).LeftAlone).Detail);
    }

    [Fact]
    public void What_a_tenant_may_have_chosen_adds_no_line_and_says_nothing_to_a_terminal()
    {
        var container = ContainerWith(FileState.Stale) with { Cgroup = Hostile, OtherTargets = 1, Examples = [Hostile] };
        var status = StatusReport.Of(
            "/var/lib/lxc/lxcfs",
            serving: true,
            new([container], Plain with { Unreadable = [new("mnt:[3]", 7, Hostile)] }),
            Judge([container]),
            new("Owner", [new("mnt:[4]", Hostile)]));

        var text = Text(status);
        Assert.Equal(["LXCFS", "NAMESPACE", "mnt:[1]", "", "LEFT", "OtherTarget", "Unreadable", "Quarantined", ""], text.Split('\n').Select(line => line.Split(' ')[0]));
        Assert.DoesNotContain(text, letter => letter is not '\n' && (char.IsControl(letter) || char.IsSurrogate(letter) || letter == '\u202e'));
        Assert.DoesNotContain(JsonText(status), letter => letter is not ('\n' or '\r') && (char.IsControl(letter) || letter > '~'));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(true, "The container runtime asks the agent about new containers")]
    [InlineData(false, "The container runtime does not know the agent: new containers get no files from it")]
    public void Whether_the_runtime_asks_the_agent_is_told_where_it_is_to(bool? registered, string? line)
    {
        var status = StatusReport.Of("/var/lib/lxc/lxcfs", serving: true, new([], Plain), Judge([]), new("Owner", [], Registered: registered));

        Assert.Equal(line is null ? "NAMESPACE" : line.Split(' ')[0], Text(status).Split('\n')[1].Split(' ')[0]);
        Assert.Equal(line is not null, line is not null && Text(status).Split('\n').Contains(line));
        Assert.Equal(registered is not null, Json(status).RootElement.TryGetProperty("registered", out var told));
        Assert.Equal(registered, registered is null ? null : told.GetBoolean());
    }

    /// <summary>A node with one thing on it that is left alone for this reason.</summary>
    private static NodeStatus StatusOf(LeftAloneCode code) => code switch
    {
        LeftAloneCode.OtherTarget => Of(new([new("mnt:[2]", 7, OtherTargets: 2, Examples: ["/proc/stat at /host/stat"])], Plain)),
        LeftAloneCode.ForeignUserNamespace => Of(new([], Plain with { ForeignNamespaces = 3, ForeignExamples = [new("mnt:[3]", 7)] })),
        LeftAloneCode.Quarantined => Of(new([], Plain) { Late = ["mnt:[4]"] }),
        LeftAloneCode.TooManyMounts => Of(new([], Plain with { TooLong = ["mnt:[5]"] })),
        LeftAloneCode.Unreadable => Of(new([], Plain with { Unreadable = [new("mnt:[6]", 7, "Too many open files")] })),
        LeftAloneCode.Incomplete => Of(new([], Plain with { Complete = false, BrokenOffAt = 4711 })),
        _ => throw new NotSupportedException($"{code} has no case here: make one, and see what status says of it"),
    };

    private static ContainerFacts ContainerWith(FileState state) => new("mnt:[1]", 7, Files: [FileIn(state)], Cgroup: "/kubepods/pod");

    private static FileFacts FileIn(FileState state) => state switch
    {
        FileState.Healthy => new("/proc/stat", "/proc/stat", FileLayer.Top, 31, Ours),
        FileState.Stale => new("/proc/stat", "/proc/stat", FileLayer.Top, 31, "0:5"),
        FileState.Conflicting => new("/proc/stat", "/proc/stat", FileLayer.Covered, 31, Ours),
        FileState.Foreign => new("/proc/stat", "/proc/stat", FileLayer.Top, 31, Lxd),
        FileState.Hidden => new("/proc/stat", "/proc/stat", FileLayer.Hidden, 31, Ours),
        _ => throw new NotSupportedException($"{state} has no case here: make one, and see what status says of it"),
    };

    private static NodeStatus Of(ContainerScan scan) => StatusReport.Of("/var/lib/lxc/lxcfs", serving: true, scan, Judge(scan.Containers), new("Owner", []));

    private static FileJudge Judge(IReadOnlyList<ContainerFacts> containers) =>
        FileJudge.Of(new() { AtRoot = [new("/var/lib/lxc/lxcfs", Ours, IsLxcfs: true)], Scan = new(containers, Plain) }, Ours);

    private static string Text(NodeStatus status)
    {
        using var text = new StringWriter { NewLine = "\n" };
        StatusText.Write(status, text);
        return text.ToString();
    }

    private static string JsonText(NodeStatus status) => JsonSerializer.Serialize(status, StatusJsonContext.Default.NodeStatus);

    private static JsonDocument Json(NodeStatus status) => JsonDocument.Parse(JsonText(status));
}
