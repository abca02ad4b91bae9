using LxcfsAgent.Native;
using static LxcfsAgent.Native.CallState;

namespace LxcfsAgent.Tests;

public sealed class KernelFeaturesTests
{
    /// <summary>Named as the table of <see cref="KernelFeatures.Of"/>: open_tree, move_mount, mount_setattr, beneath, pidfd_open.</summary>
    [Theory]
    [InlineData("6.18.0", Present, Present, Present, Present, Present, KernelSupport.Full, true, "")]
    [InlineData("6.1.0", Present, Present, Present, Absent, Present, KernelSupport.Full, false, "MOVE_MOUNT_BENEATH")]
    [InlineData("5.10.0", Present, Present, Absent, Absent, Present, KernelSupport.WithoutAttributes, false, "mount_setattr MOVE_MOUNT_BENEATH")]
    [InlineData("6.18.0", Present, Present, Present, Refused, Present, KernelSupport.Full, false, "MOVE_MOUNT_BENEATH")]
    internal void What_is_missed_is_told_with_what_follows(
        string version, CallState tree, CallState move, CallState attributes, CallState beneath, CallState pidFd, KernelSupport support, bool canPutBeneath, string lacks)
    {
        var features = KernelFeatures.Of(version, tree, move, attributes, beneath, pidFd);

        Assert.Equal((support, canPutBeneath, null), (features.Support, features.CanPutBeneath, features.Reason));
        Assert.All(features.Lacks.Zip(lacks.Split(' ')), pair =>
        {
            Assert.Contains(pair.Second, pair.First, StringComparison.Ordinal);
            Assert.Contains(version, pair.First, StringComparison.Ordinal);
        });
        Assert.Equal(lacks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, features.Lacks.Count());
    }

    [Theory]
    [InlineData(Absent, Absent, Absent, "lacks open_tree, move_mount, pidfd_open; LXCFS is not started here: Linux 5.3 or later is needed")]
    [InlineData(Present, Present, Absent, "lacks pidfd_open; LXCFS is not started here: Linux 5.3 or later is needed")]
    [InlineData(Absent, Present, Present, "lacks open_tree; LXCFS is not started here: Linux 5.2 or later is needed")]
    [InlineData(Present, Refused, Present, "may not call move_mount; the agent's container must be privileged")]
    internal void Without_what_is_needed_the_reason_names_the_fix(CallState tree, CallState move, CallState pidFd, string reason)
    {
        var features = KernelFeatures.Of("4.19.0", tree, move, Absent, Absent, pidFd);

        Assert.Equal(KernelSupport.Unsupported, features.Support);
        Assert.Contains(reason, features.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void This_kernel_answers_as_its_version_says()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounts are root's");
        var features = KernelFeatures.Probe();

        var version = Environment.OSVersion.Version;
        Assert.All(features.Calls, call => Assert.Equal(version >= Version.Parse(call.Since) ? Present : Absent, call.State));
        Assert.StartsWith($"{version.Major}.{version.Minor}", features.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_without_a_call_is_told_from_one_with_it()
    {
        Assert.Equal(Absent, RestrictedThread.WithoutCall(428, KernelCalls.OpenTree));
        Assert.Equal(Absent, RestrictedThread.WithoutCall(429, KernelCalls.MoveMount));
        Assert.Equal(Absent, RestrictedThread.WithoutCall(429, KernelCalls.MoveMountBeneath));
        Assert.Equal(Absent, RestrictedThread.WithoutCall(434, KernelCalls.PidFdOpen));
        Assert.Equal(Absent, RestrictedThread.WithoutCall(442, KernelCalls.MountSetAttr));
        Assert.Equal(Present, RestrictedThread.WithoutCall(442, KernelCalls.OpenTree));
    }

    [Fact]
    public void Who_may_not_mount_is_told_so()
    {
        Assert.Equal(Refused, RestrictedThread.WithoutCapabilities(KernelCalls.MoveMount));
        Assert.Equal(Refused, RestrictedThread.WithoutCapabilities(KernelCalls.MoveMountBeneath));
        Assert.Equal(Refused, RestrictedThread.WithoutCapabilities(KernelCalls.MountSetAttr));
        Assert.Equal(Present, RestrictedThread.WithoutCapabilities(KernelCalls.OpenTree));
    }
}
