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

    [Theory]
    [InlineData("mnt:[4026531841]", true)]
    [InlineData("mnt:[1]", true)]
    [InlineData("mnt:[40265318410]", false)]
    [InlineData("", false)]
    public void Its_link_as_text_and_as_a_number_are_the_same_one(string name, bool isLink)
    {
        Assert.Equal(isLink ? name : "", Processes.Text(Processes.Number(name)));
        Assert.Equal(isLink, Processes.Number(name) != default);
    }
}
