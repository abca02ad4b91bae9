using LxcfsAgent.State;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests;

/// <summary>Whatever was taken away stays on record until it is back.</summary>
public sealed class WithdrawnRecordTests
{
    private const string One = "mnt:[1]", Two = "mnt:[2]";

    private static readonly WithdrawnFile Meminfo = new("/proc/meminfo", "/proc/meminfo"), Stat = new("/proc/stat", "/proc/stat");

    [Fact]
    public void A_container_that_is_on_record_keeps_its_files_when_others_of_it_are_taken_away()
    {
        var record = WithdrawnRecord.With([Entry(One, Meminfo), Entry(Two, Meminfo)], [Work(One, Stat)]);

        Assert.Equal([Meminfo, Stat], record.Single(entry => entry.MountNamespace == One).Files);
        Assert.Equal([Meminfo], record.Single(entry => entry.MountNamespace == Two).Files);
    }

    [Fact]
    public void Two_records_of_a_container_are_one()
    {
        var entry = Assert.Single(WithdrawnRecord.Join([Entry(One, Meminfo), Entry(One, Meminfo, Stat) with { Pid = 9, Processes = [new(9, 90)] }]));

        Assert.Equal([Meminfo, Stat], entry.Files);
        Assert.Equal([new ProcessFacts(7, 70), new(9, 70), new(9, 90)], entry.Processes!);
    }

    [Theory]
    [InlineData(1, false, null, 0, false)]
    [InlineData(0, true, null, 0, false)]
    [InlineData(0, false, "move_mount: No such device", 0, true)]
    [InlineData(0, false, null, 0, true)]
    [InlineData(0, false, null, WithdrawnRecord.MostRestores, false)]
    public void A_restore_leaves_on_record_what_is_not_back(int done, bool gone, string? error, int times, bool stays)
    {
        var left = AfterRestore([Entry(One, Meminfo), Entry(Two, Stat)], [new(One, done, gone, error), new(Two, 1)], times);

        Assert.Equal(stays, left.Count == 1);
    }

    [Fact]
    public void A_restore_leaves_on_record_what_was_not_come_to() =>
        Assert.Equal(One, Assert.Single(AfterRestore([Entry(One, Meminfo), Entry(Two, Stat)], [new(Two, 1)])).MountNamespace);

    [Fact]
    public void A_restore_forgets_a_record_of_which_nothing_is_ours() =>
        Assert.Empty(AfterRestore([Entry(One, new WithdrawnFile("/proc/meminfo", "/etc/passwd"))], []));

    [Fact]
    public void A_restore_leaves_on_record_what_it_was_not_for() =>
        Assert.Equal(Two, Assert.Single(WithdrawnRecord.AfterRestore([Entry(One, Meminfo), Entry(Two, Stat)], [Entry(One, Meminfo)], [new(One, 1)], _ => 0)).MountNamespace);

    /// <summary>A worker that is killed between detach and attach leaves a container of which the next one finds nothing to replace.</summary>
    [Theory]
    [InlineData(1, false, null, false)]
    [InlineData(0, true, null, false)]
    [InlineData(0, false, WorkerPool.Held, true)]
    [InlineData(0, false, null, true)]
    public void A_repair_leaves_on_record_what_is_not_surely_whole(int done, bool gone, string? error, bool stays)
    {
        var record = WithdrawnRecord.AfterRepair([], [Work(One, Meminfo), Work(Two, Stat)], [new(One, 1), new(Two, done, gone, error)]);

        Assert.Equal(stays ? [Two] : (string[])[], record.Select(entry => entry.MountNamespace));
    }

    [Fact]
    public void A_repair_leaves_on_record_what_was_not_come_to() =>
        Assert.Equal(Two, Assert.Single(WithdrawnRecord.AfterRepair([], [Work(One, Meminfo), Work(Two, Stat)], [new(One, 1)])).MountNamespace);

    /// <summary>A container's number may be another's by the time that a record is read: what is whole again is to be on none.</summary>
    [Fact]
    public void A_repair_takes_off_the_record_what_it_has_made_whole_and_nothing_else()
    {
        var record = WithdrawnRecord.AfterRepair([Entry(One, Meminfo), Entry(Two, Meminfo, Stat)], [Work(One, Meminfo), Work(Two, Stat)], [new(One, 1), new(Two, 1)]);

        Assert.Equal((Two, Meminfo), (Assert.Single(record).MountNamespace, Assert.Single(record[0].Files)));
    }

    /// <summary>Of a restore of all that is on record.</summary>
    private static IReadOnlyList<WithdrawnContainer> AfterRestore(IReadOnlyList<WithdrawnContainer> known, IReadOnlyList<WorkOutcome> outcomes, int times = 0) =>
        WithdrawnRecord.AfterRestore(known, known, outcomes, _ => times);

    private static WithdrawnContainer Entry(string name, params WithdrawnFile[] files) => new(name, 7, 70, files);

    private static ContainerWork Work(string name, params WithdrawnFile[] files) =>
        new(name, [new(7, 70)], [.. files.Select(file => new FileFacts(file.Path, file.Target, FileLayer.Top, 31, "0:5"))]);
}
