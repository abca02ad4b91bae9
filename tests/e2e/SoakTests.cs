using LxcfsFunctions.EndToEnd.Soak;
using LxcfsFunctions.Infra.Tests;
using LxcfsNode.Tests.Rig;

namespace LxcfsFunctions.EndToEnd;

/// <summary>A day in the life, short: SOAK_MINUTES says how short. The report is in artifacts/soak.</summary>
public sealed class SoakTests
{
    /// <summary>By how much a process may have grown: descriptors of what it does at the moment, and an allocator's whims.</summary>
    private const int DescriptorSlack = 8, MebibyteSlack = 16;

    /// <summary>Two small files for each of the 16 generations that a node remembers, and what the agents share.</summary>
    private const int MostStateFiles = 50;

    private static readonly TimeSpan LongEnoughToJudge = TimeSpan.FromMinutes(5);

    [Fact]
    [Trait("Beside", "Soak")]
    public async Task Whatever_dies_and_is_replaced_no_value_is_wrong_no_pod_is_left_out_and_nothing_leaks()
    {
        var options = SoakOptions.FromEnvironment();
        Measured.Print($"a soak of {options.Length.TotalMinutes:0.#} minutes with SOAK_SEED={options.Seed}");
        await using var day = await Day.BeginAsync(options.Seed);

        var report = await day.LiveAsync(options);

        report.Write(Path.Combine(Repository.Root, "artifacts", "soak"));
        Measured.Print($"{report}");
        Assert.Empty(report.Faults);
        Assert.Equal(0UL, report.Read.Wrong);
        Assert.Empty(report.Admissions.Unmutated);
        Assert.True(report.Left.IsEmpty, $"{report.Left}");
        Assert.InRange(report.Agents.StateFiles, 0, MostStateFiles);
        if (options.Length >= LongEnoughToJudge)
            Assert.Contains(report.Lives, life => life.Judged > 0);
        Assert.All(report.Lives, life => Assert.InRange(life.DescriptorsGrown, 0, DescriptorSlack));
        Assert.All(report.Lives, life => Assert.InRange(life.MebibytesGrown, 0, MebibyteSlack));
        Assert.True(report is { Read.Reads: > 0, Admissions.WhileUp: > 0, Happened: [_, ..] });
    }
}
