using LxcfsAgent.Delivery;
using LxcfsAgent.Plan;

namespace LxcfsAgent.Tests.Delivery;

public sealed class NodeDeliveryTests
{
    [Theory]
    [InlineData(nameof(Phase.Owner), true, true, true, true)]
    [InlineData(nameof(Phase.Owner), true, false, true, false)]
    [InlineData(nameof(Phase.Owner), false, true, true, false)]
    [InlineData(nameof(Phase.Standby), true, true, true, null)]
    [InlineData(nameof(Phase.HandingOver), true, true, true, null)]
    [InlineData(nameof(Phase.Starting), false, true, false, false)]
    [InlineData(nameof(Phase.Withdrawing), false, true, false, false)]
    [InlineData(nameof(Phase.CleanedUp), false, true, false, false)]
    public void A_node_is_labelled_while_its_owner_serves_and_the_runtime_asks_it(string phase, bool isReady, bool isRegistered, bool othersLive, bool? expected) =>
        Assert.Equal(expected, NodeDelivery.IsLabelled(Enum.Parse<Phase>(phase), isReady, isRegistered, () => othersLive));
}
