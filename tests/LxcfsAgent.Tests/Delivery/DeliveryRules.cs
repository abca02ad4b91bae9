using LxcfsAgent.Delivery;
using LxcfsAgent.Nri;
using LxcfsAgent.Worker;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Tests.Delivery;

/// <summary>What holds for every answer, whatever is asked.</summary>
internal static class DeliveryRules
{
    public static void Check(DeliveryRequest request, NriAdjustment answer)
    {
        // Nobody else is changed, or waits.
        if (request.Pod.Annotations.GetValueOrDefault(LxcfsNames.Deliver) != LxcfsNames.DeliverNode)
            Assert.Equal(NriAdjustment.None, answer);
        if (request.Serving)
            Assert.Null(answer.Error);
        if (answer.Error is not null)
            Assert.Empty(answer.Mounts);
        // Whatever a tenant wrote, only files of the table come, from LXCFS, each at its own path and once.
        Assert.All(answer.Mounts, mount =>
        {
            Assert.Equal(("bind", DeliveryPolicy.Options), (mount.Type, mount.Options));
            Assert.StartsWith(request.Root + "/", mount.Source, StringComparison.Ordinal);
            Assert.True(FileIdentity.IsOwnTarget(mount.Source[request.Root.Length..], mount.Destination), mount.ToString());
        });
        Assert.Distinct(answer.Mounts.Select(mount => mount.Destination));
        // What is taken away is of LXCFS, and comes again.
        Assert.All(answer.Replaced, path =>
        {
            Assert.True(DeliveryPolicy.HasUserNamespace(request.Container));
            Assert.Contains(answer.Mounts, mount => mount.Destination == DeliveryPolicy.Clean(path));
        });
        Settles(request, answer);
    }

    /// <summary>Who is asked again, with what came of the first answer, has nothing to add: as a second agent in an upgrade.</summary>
    private static void Settles(DeliveryRequest request, NriAdjustment answer)
    {
        if (answer.Error is not null)
            return;
        var mounts = request.Container.Mounts.Where(mount => !answer.Replaced.Contains(mount.Destination)).Concat(answer.Mounts).ToList();
        Assert.Equal(NriAdjustment.None, (request with { Container = request.Container with { Mounts = mounts } }).Decide());
    }
}
