using System.Globalization;

namespace LxcfsFunctions.EndToEnd.Soak;

/// <summary>SOAK_MINUTES sets how long, SOAK_SEED repeats what happened in another run.</summary>
internal sealed record SoakOptions(TimeSpan Length, int Seed)
{
    private const string Minutes = "10";

    public static SoakOptions FromEnvironment() => new(
        TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("SOAK_MINUTES") ?? Minutes, CultureInfo.InvariantCulture)),
        int.Parse(Environment.GetEnvironmentVariable("SOAK_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture));
}
