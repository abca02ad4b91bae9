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
    public async Task However_long_it_drains_requests_in_flight_have_half_a_minute_afterwards(int drainSeconds, int stopSeconds)
    {
        var builder = Startup.CreateBuilder([]);
        builder.AddDraining(new() { DrainSeconds = drainSeconds });
        builder.AddListening(new() { Home = Home.Functions });
        await using var app = builder.Build();
        Assert.Equal(TimeSpan.FromSeconds(stopSeconds), app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }
}
