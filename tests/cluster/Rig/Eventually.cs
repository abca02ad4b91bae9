using System.Diagnostics;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>What comes true in a while, or the test fails.</summary>
internal static class Eventually
{
    /// <summary>A kubelet that backs off tries again after 10, 20, 40, 80 s.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(150);

    /// <param name="problem">Null when all is well.</param>
    public static async Task NullAsync(Func<Task<string?>> problem, TimeSpan? patience = null)
    {
        for (var waited = Stopwatch.StartNew(); await problem() is { } text; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            if (waited.Elapsed > (patience ?? Patience))
                Assert.Fail($"after {waited.Elapsed.TotalSeconds:0} s: {text}");
        }
    }

    public static Task NullAsync(Func<string?> problem, TimeSpan? patience = null) => NullAsync(() => Task.FromResult(problem()), patience);
}
