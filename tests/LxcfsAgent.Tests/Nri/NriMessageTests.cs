using CsCheck;
using LxcfsAgent.Nri;
using LxcfsFunctions.Lxcfs;

namespace LxcfsAgent.Tests.Nri;

public sealed class NriMessageTests
{
    [Fact]
    public void A_pod_and_a_container_are_read_as_they_were_written() =>
        Gen.Select(Samples.Pods, Samples.Containers).Sample((pod, container) =>
        {
            var call = ContainerEvent.ReadCall(RuntimeMessages.Of(pod, container));
            Assert.Equal((Samples.Show(pod), Samples.Show(container)), (Samples.Show(call.Pod!), Samples.Show(call.Container!)));

            var told = ContainerEvent.ReadStateChange(RuntimeMessages.StateChange(6, pod, container));
            Assert.Equal((6, Samples.Show(pod), Samples.Show(container)), (told.Event, Samples.Show(told.Pod!), Samples.Show(told.Container!)));
        });

    [Fact]
    public void An_answer_is_read_as_it_was_written() =>
        Gen.Select(Gen.Int[0, 16], Gen.String[Gen.Char.AlphaNumeric, 0, 30], Gen.Byte.Array[0, 100]).Sample((code, text, payload) =>
        {
            var read = TtrpcResponse.Parse(new TtrpcResponse(code, code == 0 ? "" : text, payload).Encode());
            Assert.Equal((code, code == 0 ? "" : text, Convert.ToHexString(payload)), (read.Code, read.Message, Convert.ToHexString(read.Payload)));
        });

    [Fact]
    public void An_adjustment_removes_what_it_replaces_before_it_adds()
    {
        var answer = NriReplies.CreateContainer(Samples.Adjustment);
        var mounts = new List<string>();
        for (var response = new ProtoReader(answer.Payload); response.Next();)
        {
            for (var adjust = new ProtoReader(response.Bytes); adjust.Next();)
                mounts.Add(Samples.Show(NriReader.Container(new ProtoWriter().Add(NriApi.Container.Mounts, adjust.Bytes).Written, new(10_000))!.Mounts.Single()));
        }

        Assert.Equal(0, answer.Code);
        Assert.Equal(["-/proc/meminfo   ", "/proc/meminfo bind /var/lib/lxc/lxcfs/proc/meminfo rbind,rprivate,ro"], mounts);
    }

    [Fact]
    public void Nothing_to_do_is_an_empty_answer_and_an_error_is_no_longer_than_agreed()
    {
        Assert.Equal("0a001200", Convert.ToHexString(NriReplies.CreateContainer(NriAdjustment.None).Encode()).ToLowerInvariant());

        var failed = TtrpcResponse.Parse(NriReplies.CreateContainer(NriAdjustment.None with { Error = new string('e', 5000) }).Encode());
        Assert.Equal((TtrpcResponse.Unknown, NriLimits.Error), (failed.Code, failed.Message.Length));
    }

    [Fact]
    public void Annotations_that_are_not_read_here_are_not_kept_and_odd_ones_that_are_are_only_text()
    {
        const string Odd = "\0\x1b[2J\"}\n{% ../../etc/passwd \u202e";
        var pod = Samples.Pod with
        {
            Annotations = new Dictionary<string, string>
            {
                [LxcfsNames.Deliver] = Odd,
                [LxcfsNames.Mutate] = "no",
                [LxcfsNames.Deliver + "\0"] = "no",
                [LxcfsNames.Prefix] = "no",
                ["x" + LxcfsNames.Deliver] = "no",
            },
        };

        Assert.Equal([new(LxcfsNames.Deliver, Odd)], ContainerEvent.ReadCall(RuntimeMessages.Of(pod, Samples.Container)).Pod!.Annotations);
    }

    [Fact]
    public void Bytes_that_are_no_text_become_text()
    {
        var key = System.Text.Encoding.UTF8.GetBytes(LxcfsNames.DeliverExcept);
        var pod = new ProtoWriter().Add(1, [0xC3, 0x28]).Add(6, new ProtoWriter().Add(1, key).Add(2, [0x80]));
        var read = NriReader.Pod(pod.Written, new(NriLimits.Pod))!;

        Assert.Equal("\uFFFD(", read.Id);
        Assert.Equal([new(LxcfsNames.DeliverExcept, "\uFFFD")], read.Annotations);
    }

    [Theory]
    [InlineData("/proc/meminfo", true)]
    [InlineData("/proc", true)]
    [InlineData("//proc//meminfo", true)]
    [InlineData("/a/../proc/./meminfo", true)]
    [InlineData("/sys/devices/system/cpu/online", true)]
    [InlineData("/data", false)]
    [InlineData("", false)]
    public void Mounts_that_may_lie_below_proc_or_sys_are_kept(string destination, bool isKept)
    {
        var container = Samples.Container with { Mounts = [new(destination, "bind", "/source", ["ro"])] };

        Assert.Equal(isKept ? [destination] : [], ContainerEvent.ReadCall(RuntimeMessages.Of(Samples.Pod, container)).Container!.Mounts.Select(mount => mount.Destination));
    }

    [Fact]
    public void A_number_of_no_state_and_no_process_is_none()
    {
        var read = NriReader.Container(new ProtoWriter().Add(4, 99UL).Add(12, ulong.MaxValue).Written, new(NriLimits.Container))!;

        Assert.Equal((NriContainerState.Unknown, 0), (read.State, read.Pid));
    }
}
