using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Tests;

public sealed class LxcfsFileTests
{
    [Fact]
    public void Volume_names_are_unique_dns_labels() => Assert.All(
        LxcfsFile.All.GroupBy(file => file.Volume),
        group => { Assert.Single(group); Assert.Matches("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", group.Key); });

    [Fact]
    public void Pressure_files_are_never_offered_because_runc_refuses_them() =>
        Assert.DoesNotContain(LxcfsFile.All, file => file.Path.StartsWith("/proc/pressure", StringComparison.Ordinal));
}
