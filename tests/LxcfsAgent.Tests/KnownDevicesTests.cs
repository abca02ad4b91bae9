using LxcfsAgent.Plan;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

public sealed class KnownDevicesTests
{
    [Fact]
    public void A_number_is_known_while_the_node_or_a_container_has_it_and_then_it_may_be_another_s()
    {
        var known = new KnownDevices();
        known.Note(Node(atRoot: "0:40"));
        known.Note(Node(atRoot: "0:50"));
        known.Note(Node(atRoot: "0:60"));

        known.Forget(Node(atRoot: "0:60", Scan(File("0:40"), File("0:60", below: "0:50"))));
        Assert.Equal(["0:40", "0:50", "0:60"], known.All.Order(StringComparer.Ordinal));

        known.Forget(Node(atRoot: "0:60", Scan(File("0:50"))));
        Assert.Equal(["0:50", "0:60"], known.All.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false, false, 0)]
    [InlineData(true, false, 0)]
    [InlineData(false, true, 0)]
    [InlineData(false, false, 1)]
    public void A_look_that_does_not_show_everybody_forgets_none(bool unreadable, bool tooLong, int skipped)
    {
        var known = new KnownDevices();
        known.Note(Node(atRoot: "0:40"));
        var scan = Scan();

        known.Forget(Node(atRoot: "0:60", scan with
        {
            Summary = scan.Summary with
            {
                Complete = unreadable || tooLong || skipped > 0,
                Unreadable = unreadable ? [new("mnt:[9]", 9, "Too many open files")] : [],
                TooLong = tooLong ? ["mnt:[9]"] : [],
            },
            Skipped = skipped,
        }));

        Assert.Equal(["0:40"], known.All);
    }

    private static NodeSnapshot Node(string atRoot, ContainerScan? scan = null) => new() { AtRoot = [new("/var/lib/lxc/lxcfs", atRoot, true)], Scan = scan };

    private static ContainerScan Scan(params FileFacts[] files) => new(
        [new("mnt:[1]", 1001, Files: files)],
        new(1, 0, [], ["0:60"], [], [], Complete: true, BrokenOffAt: 0));

    private static FileFacts File(string device, string? below = null) =>
        new("/proc/stat", "/proc/stat", FileLayer.Top, 1, device, below is null ? null : [new(2, below)]);
}
