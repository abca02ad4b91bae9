using LxcfsAgent.Delivery;
using LxcfsAgent.Nri;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Tests.Nri;

/// <summary>However much tenants have the runtime pass on, what is kept of it has a bound.</summary>
public sealed class NriBoundTests
{
    /// <summary>As long as a label of DNS, and as many as mutate adds to.</summary>
    [Theory]
    [InlineData(LxcfsNames.SkipContainers)]
    [InlineData(LxcfsNames.DeliverExcept)]
    public void A_pod_that_names_each_of_250_containers_is_delivered_to_and_they_are_left_alone(string annotation)
    {
        var names = Enumerable.Range(0, 250).Select(number => $"{number}-".PadRight(63, 'x')).ToList();
        var pod = Deliver((annotation, string.Join(", ", names)));
        var read = Read(pod, Samples.Container with { Name = names[^1] });

        Assert.False(DeliveryPolicy.IsDelivered(read.Pod!, read.Container!));
        Assert.True(DeliveryPolicy.IsDelivered(read.Pod!, read.Container! with { Name = "web" }));
    }

    /// <summary>An API server stores 256 KiB of annotations.</summary>
    [Theory]
    [InlineData("/mutate")]
    [InlineData("/env")]
    [InlineData("/status")]
    [InlineData("/deliver-")]
    [InlineData("/of-nobody")]
    public void A_long_annotation_that_is_not_read_here_keeps_no_pod_from_being_delivered_to(string name)
    {
        var read = Read(Deliver((LxcfsNames.Prefix + name, new string('v', 250_000))), Samples.Container);

        Assert.True(DeliveryPolicy.IsDelivered(read.Pod!, read.Container!));
    }

    [Fact]
    public void A_pod_that_names_more_than_any_pod_has_is_treated_as_not_there()
    {
        Assert.NotNull(Read(Names(15_000), Samples.Container).Pod);
        Assert.Null(Read(Names(25_000), Samples.Container).Pod);
        Assert.Null(Read(Samples.Pod with { Name = new string('n', 25_000) }, Samples.Container).Pod);
    }

    [Fact]
    public void A_container_with_many_mounts_below_proc_is_treated_as_not_there()
    {
        Assert.NotNull(Read(Samples.Pod, Mounts(60, "/proc/", 5)).Container);
        Assert.Null(Read(Samples.Pod, Mounts(200, "/proc/", 5)).Container);
        Assert.Null(Read(Samples.Pod, Mounts(1, "/proc/", 5000)).Container);
        Assert.Null(Read(Samples.Pod, Mounts(1, "/proc/" + new string('n', 13_000), 5)).Container);
        Assert.NotNull(Read(Samples.Pod, Mounts(10_000, "/data/", 5)).Container);
        Assert.Null(Read(Samples.Pod, Samples.Container with { Namespaces = [.. Enumerable.Repeat(new NriNamespace("", ""), 2000)] }).Container);
    }

    [Fact]
    public void The_files_of_LXCFS_at_all_their_paths_fit_many_times() =>
        Assert.NotNull(Read(Samples.Pod, WithFiles(5)).Container);

    [Fact]
    public void Another_ones_containers_have_room_beside_as_many_of_the_largest_as_a_pod_can_have()
    {
        var list = new Synchronization();
        var (largest, ordinary) = (Mounts(1, "/proc/" + new string('n', 11_000), 5), WithFiles(1));

        list.Add(RuntimeMessages.Synchronize([Samples.Pod], Enumerable.Repeat(largest, 250)));
        list.Add(RuntimeMessages.Synchronize([Samples.Pod], Enumerable.Repeat(ordinary, 1000)));

        Assert.Equal((1250, 0), (list.Containers.Count, list.LeftOut));
    }

    [Fact]
    public void What_a_busy_node_has_fits_and_a_list_without_end_is_cut_off()
    {
        var busy = new Synchronization();
        Assert.False(busy.Add(RuntimeMessages.Synchronize(Enumerable.Repeat(Samples.Pod, 500), Enumerable.Repeat(Mounts(13, "/proc/meminfo", 6), 1000))));
        Assert.Equal((500, 1000, 0), (busy.Pods.Count, busy.Containers.Count, busy.LeftOut));

        var endless = new Synchronization();
        var piece = RuntimeMessages.Synchronize([Names(5000)], [Mounts(100, "/proc/", 5), Samples.Container], more: true);
        for (var count = 0; count < 10_000; count++)
            Assert.True(endless.Add(piece));
        Assert.InRange(endless.Containers.Count, 100, 10_000);
        Assert.Equal(30_000, endless.Pods.Count + endless.Containers.Count + endless.LeftOut);
    }

    /// <summary>Two bytes each: what costs a tenant least.</summary>
    [Theory]
    [InlineData("0a00")] // pods
    [InlineData("1200")] // containers
    [InlineData("12024a00")] // mounts
    [InlineData("12045a020a00")] // namespaces
    [InlineData("0a023200")] // annotations
    public void Empty_ones_take_no_memory_without_end(string item)
    {
        var bytes = Convert.FromHexString(item);
        var piece = Enumerable.Repeat(bytes, NriLimits.Message / bytes.Length).SelectMany(part => part).ToArray();
        var list = new Synchronization();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var count = 0; count < 5; count++)
            list.Add(piece);

        // Tests beside this one may give back more than it takes.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 3L * NriLimits.Everything);
        Assert.True(list.LeftOut > 0);
    }

    private static ContainerEvent Read(NriPod pod, NriContainer container) => ContainerEvent.ReadCall(RuntimeMessages.Of(pod, container));

    private static NriContainer WithFiles(int times) => Samples.Container with
    {
        Mounts = [.. Enumerable.Repeat(LxcfsFile.All.SelectMany(file => file.Mounts), times).SelectMany(mounts => mounts).Select(mount =>
            new NriMount(mount.Path, "bind", LxcfsFile.DefaultRoot + mount.File.Path, ["rbind", "rprivate", "ro", "nosuid", "nodev", "noexec"]))],
    };

    private static NriPod Names(int letters) => Deliver((LxcfsNames.DeliverExcept, new string('n', letters)));

    private static NriPod Deliver((string Name, string Value) more) =>
        Samples.Pod with { Annotations = new Dictionary<string, string> { [LxcfsNames.Deliver] = LxcfsNames.DeliverNode, [more.Name] = more.Value } };

    private static NriContainer Mounts(int count, string destination, int options) =>
        Samples.Container with { Mounts = [.. Enumerable.Repeat(new NriMount(destination, "bind", "/var/lib/lxc/lxcfs/proc/meminfo", [.. Enumerable.Repeat("nosuid", options)]), count)] };
}
