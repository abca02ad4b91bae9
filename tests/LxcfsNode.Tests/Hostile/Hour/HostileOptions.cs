using System.Globalization;

namespace LxcfsNode.Tests.Hostile.Hour;

/// <summary>HOSTILE_MINUTES sets how long, HOSTILE_SEED repeats what happened in another run.</summary>
internal sealed record HostileOptions(TimeSpan Length, int Seed)
{
    private const string Minutes = "5";

    public static HostileOptions FromEnvironment() => new(
        TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("HOSTILE_MINUTES") ?? Minutes, CultureInfo.InvariantCulture)),
        int.Parse(Environment.GetEnvironmentVariable("HOSTILE_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture));
}
