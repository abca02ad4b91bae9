namespace LxcfsNode.Tests.Rig;

/// <summary>Nothing is waited for without end: what does not come is named.</summary>
internal static class Deadline
{
    /// <summary>What takes longer hangs, however busy the machine is.</summary>
    public static TimeSpan Longest { get; } = 4 * Eventually.Patience;

    /// <param name="what">What it was that did not come.</param>
    public static async Task WithinAsync(this Task task, Func<string> what, TimeSpan? limit = null)
    {
        try
        {
            await task.WaitAsync(limit ?? Longest);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"not after {(limit ?? Longest).TotalSeconds:0} s: {what()}");
        }
    }

    /// <inheritdoc cref="WithinAsync(Task, Func{string}, TimeSpan?)"/>
    public static async Task<T> WithinAsync<T>(this Task<T> task, Func<string> what, TimeSpan? limit = null)
    {
        await ((Task)task).WithinAsync(what, limit);
        return await task;
    }
}
