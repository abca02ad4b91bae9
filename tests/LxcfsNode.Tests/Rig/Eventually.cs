using System.Diagnostics;

namespace LxcfsNode.Tests.Rig;

internal static class Eventually
{
    /// <summary>A guest without hardware virtualisation is some twenty times slower.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(Node.IsGuest ? 180 : 30);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> otherwise, TimeSpan? patience = null)
    {
        for (var waited = Stopwatch.StartNew(); !await condition().WithinAsync(otherwise);)
        {
            if (waited.Elapsed > (patience ?? Patience))
                Assert.Fail($"not after {waited.Elapsed.TotalSeconds:0} s: {otherwise()}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public static Task TrueAsync(Func<bool> condition, Func<string> otherwise, TimeSpan? patience = null) =>
        TrueAsync(() => Task.FromResult(condition()), otherwise, patience);
}
