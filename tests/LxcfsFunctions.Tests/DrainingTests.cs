using System.Globalization;
using System.Text.RegularExpressions;
using LxcfsFunctions.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LxcfsFunctions.Tests;

public sealed class DrainingTests
{
    [Theory]
    [InlineData(0, 30)]
    [InlineData(60, 90)]
    public void However_long_it_drains_requests_in_flight_have_half_a_minute_afterwards(int drainSeconds, int stopSeconds)
    {
        var builder = Startup.CreateBuilder([]);
        builder.AddDraining(new() { DrainSeconds = drainSeconds });
        using var services = builder.Services.BuildServiceProvider();
        Assert.Equal(TimeSpan.FromSeconds(stopSeconds), services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Fact]
    public void The_kubelet_waits_for_the_longest_drain_and_the_requests_after_it()
    {
        var deployment = Repository.Read("infra/kustomize/overlays/service/deployment.yaml");
        var grace = int.Parse(Assert.Single(Regex.Matches(deployment, @"terminationGracePeriodSeconds: (\d+)")).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.True(grace > Draining.Most + Draining.InFlight.TotalSeconds, $"{grace} s");
    }
}
