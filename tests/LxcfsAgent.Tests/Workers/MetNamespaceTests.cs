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
            var place = new MetNamespace(default, 1, "1");
            processes.ForEach(place.NoteAge);

            Assert.Equal(processes.OrderBy(process => process.Started).Take(Most), place.Oldest);
        });
}
