using System.Text;

namespace LxcfsAgent.Nri;

/// <summary>Makes text of bytes up to a measure; beyond it, text is empty, and <see cref="IsExceeded"/> says so.</summary>
internal sealed class MemoryBudget(int bytes)
{
    public int Left => bytes - Used;

    public int Used { get; private set; }

    public bool IsExceeded { get; private set; }

    /// <summary>Whether there is room for one more object.</summary>
    public bool TryTakeEntry() => TryTake(NriLimits.Entry);

    /// <summary>Bytes that are no UTF-8 become signs that say so: what a tenant wrote is text, whatever it is.</summary>
    public string Take(ReadOnlySpan<byte> text) => TryTake(text.Length * (long)sizeof(char)) ? Encoding.UTF8.GetString(text) : "";

    public bool TryTake(long amount)
    {
        if (amount > Left)
        {
            IsExceeded = true;
            return false;
        }

        Used += (int)amount;
        return true;
    }
}
