using CsCheck;
using LxcfsAgent.Worker;

namespace LxcfsAgent.Tests.Workers;

public sealed class MetNamespaceTests
{
    private const int Most = 16;

    [Fact]
    public void Of_all_its_processes_the_oldest_are_kept_in_whatever_order_they_come() =>
        Gen.Select(Gen.Int[1, 1000], Gen.Long[1, 50], (pid, started) => new ProcessFacts(pid, started)).List[0, 60].Sample(processes =>
        {
            var place = new MetNamespace("mnt:[1]");
            processes.ForEach(place.NoteAge);

            Assert.Equal(processes.OrderBy(process => process.Started).Take(Most), place.Oldest);
        });

    [Fact]
    public void However_many_processes_it_has_the_first_ones_are_kept_to_enter_it_by()
    {
        var place = new MetNamespace("mnt:[1]");
        for (var pid = 1; pid <= 1000; pid++)
            place.Add(pid, $"{pid}");

        Assert.Equal(Enumerable.Range(1, Most), place.Processes.Select(process => process.Pid));
    }
}
