namespace LxcfsFunctions.Infra.Tests;

/// <summary>Text that was looked at once, kept in TestData; UPDATE_GOLDEN=1 rewrites it.</summary>
internal static class Golden
{
    public static void Compare(string name, string actual)
    {
        var path = Path.Combine(Repository.TestData, name);
        if (Repository.UpdatesGolden)
            File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
