using LxcfsAgent.Init;

namespace LxcfsAgent.Tests;

public sealed class RestartPolicyTests
{
    [Fact]
    public void An_agent_that_ends_as_soon_as_it_starts_is_started_ever_later()
    {
        var policy = new RestartPolicy();

        Assert.Equal(
            [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5],
            Enumerable.Range(0, 9).Select(_ => policy.PauseAfter(TimeSpan.FromSeconds(0.9)).TotalSeconds));
    }

    [Fact]
    public void An_agent_that_lived_is_started_again_at_once()
    {
        var policy = new RestartPolicy();
        for (var start = 0; start < 5; start++)
            policy.PauseAfter(TimeSpan.Zero);

        Assert.Equal(TimeSpan.Zero, policy.PauseAfter(TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.Zero, policy.PauseAfter(TimeSpan.FromHours(1)));
        Assert.Equal(RestartPolicy.First, policy.PauseAfter(TimeSpan.Zero));
    }
}
