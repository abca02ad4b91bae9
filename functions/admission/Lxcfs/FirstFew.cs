using System.Globalization;

namespace LxcfsFunctions.Lxcfs;

/// <summary>Bounds what is said of one pod: nobody reads more at once, and an API server shows 4096 characters of warnings in all.</summary>
internal static class FirstFew
{
    private const int Most = 20;

    /// <summary>The first of them, and one that tells how many more there are.</summary>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> all, Func<string, T> more)
    {
        var (first, rest) = (new List<T>(), 0);
        foreach (var item in all)
        {
            if (first.Count < Most)
                first.Add(item);
            else
                rest++;
        }

        if (rest > 0)
            first.Add(more(rest.ToString(CultureInfo.InvariantCulture)));
        return first;
    }
}
