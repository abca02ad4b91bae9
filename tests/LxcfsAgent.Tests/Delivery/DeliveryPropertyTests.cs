using CsCheck;
using LxcfsAgent.Nri;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Tests.Delivery;

/// <summary>Whatever is written in pods and mounted in containers.</summary>
public sealed class DeliveryPropertyTests
{
    private const string Root = "/var/lib/lxc/lxcfs";

    private static readonly Gen<string> Places = Gen.OneOf(
        OneOf([.. LxcfsFile.All.SelectMany(file => file.Mounts).Select(file => file.Path)]),
        OneOf("/", "", "/proc", "/proc/", "//proc", "/sys", "/sys/devices", "/sys/devices/system/cpu", "/proc/../proc/stat/.", "/etc/hosts", "/proc/meminfo\0", "."),
        Gen.String);

    private static readonly Gen<NriMount> AnyMount = Gen.Select(
        Places,
        OneOf("bind", "proc", "sysfs", "tmpfs", "", "none"),
        Gen.OneOf(OneOf([.. LxcfsFile.All.Select(file => Root + file.Path)]), OneOf("proc", "sysfs", "/a", "")),
        OneOf("rbind", "rprivate", "ro", "nosuid", "nodev", "noexec").List[0, 8],
        (destination, type, source, options) => new NriMount(destination, type, source, options));

    private static readonly Gen<string> Names = Gen.OneOf(OneOf("web", "log", "web,log", " web ,", ",", ""), Gen.String);

    private static readonly Gen<DeliveryRequest> Requests = Gen.Select(
        Gen.OneOf(Gen.Const(LxcfsNames.DeliverNode), OneOf("hostPath", "NODE", ""), Gen.String),
        Names,
        Names,
        OneOf("", "", "runc", "kata", "kata-clh", "gvisor"),
        AnyMount.List[0, 12],
        Gen.Bool,
        Gen.Bool,
        (deliver, skip, except, handler, mounts, isUser, isServing) => new DeliveryRequest(
            new(
                "sandbox", "web-0", "uid", "shop",
                new Dictionary<string, string> { [LxcfsNames.Deliver] = deliver, [LxcfsNames.SkipContainers] = skip, [LxcfsNames.DeliverExcept] = except },
                handler),
            new("id", "sandbox", "web", NriContainerState.Unknown, 0, mounts, isUser ? [new("user", "/proc/7/ns/user")] : []),
            isServing,
            Root));

    [Fact]
    public void Every_answer_keeps_the_rules() => Requests.Sample(request => DeliveryRules.Check(request, request.Decide()), iter: 5000);

    /// <summary>Whether LXCFS serves makes no difference but that one waits: nobody starts bare for it.</summary>
    [Fact]
    public void Who_gets_files_waits_for_LXCFS_and_nobody_else_does() => Requests.Sample(request =>
        Assert.Equal((request with { Serving = true }).Decide().Mounts.Count > 0, (request with { Serving = false }).Decide().Error is not null), iter: 5000);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
