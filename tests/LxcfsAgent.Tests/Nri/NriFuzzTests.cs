using LxcfsAgent.Nri;
using Microsoft.Extensions.Logging.Abstractions;

namespace LxcfsAgent.Tests.Nri;

/// <summary>A runtime that says anything at all. Repeat a run by the seed that a failure names.</summary>
public sealed class NriFuzzTests
{
    private const int Messages = 100_000;

    /// <summary>What one message may cost, in bytes, beside its own: many times what a true one does.</summary>
    private const long Most = 4 * NriLimits.Container;

    /// <summary>After so many messages another connection begins: a length that is claimed swallows what follows.</summary>
    private const int Connection = 10;

    private static readonly (string Method, byte[] Payload)[] True =
    [
        ("Configure", RuntimeMessages.Configure()),
        ("Synchronize", RuntimeMessages.Synchronize([Samples.Pod], [Samples.Container, Samples.Container], more: true)),
        ("Synchronize", RuntimeMessages.Synchronize([Samples.Pod], [])),
        ("CreateContainer", RuntimeMessages.Of(Samples.Pod, Samples.Container)),
        ("StartContainer", RuntimeMessages.Of(Samples.Pod, Samples.Container)),
        ("StopContainer", RuntimeMessages.Of(Samples.Pod, Samples.Container)),
        ("StateChange", RuntimeMessages.StateChange(6, Samples.Pod, Samples.Container)),
        ("Shutdown", []),
    ];

    private static readonly IReadOnlyList<byte[]> Real = NriGoldenTests.Received();

    [Fact]
    public void Whatever_the_runtime_says_ends_with_what_is_foreseen_and_takes_no_memory_without_end()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var calls = new PluginCalls(new SilentPlugin(), NullLogger.Instance, TimeProvider.System);
        var (refused, answered) = (0, 0);
        var conversation = New();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var count = 0; count < Messages; count++)
        {
            if (count % Connection == 0)
                conversation = New();
            var message = Next(random);
            var cost = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                conversation.Receive(message);
            }
            catch (InvalidDataException)
            {
                refused++;
                conversation = New();
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, message {Convert.ToHexString(message)}: {exception}");
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - cost, 0, Most + (20 * message.Length));
        }

        Assert.InRange(refused, Messages / 100, Messages);
        Assert.InRange(Volatile.Read(ref answered), Messages / 100, int.MaxValue);
        // Tests beside this one may give back more than it takes.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4L * NriLimits.Everything);

        NriConversation New() => new(calls, _ => Interlocked.Increment(ref answered), NullLogger.Instance, TimeProvider.System);
    }

    private static byte[] Next(Random random)
    {
        if (random.Next(4) == 0)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            return noise;
        }

        if (random.Next(8) == 0)
            return Changed(Real[random.Next(Real.Count)], random);

        // What is changed inside is framed right, so that it gets as far as it can; the rest is changed anywhere.
        var (method, payload) = True[random.Next(True.Length)];
        var stream = (uint)random.Next();
        return random.Next(8) switch
        {
            0 => Changed(Multiplexer.Frame(Multiplexer.Runtime, new(1, TtrpcMessage.Response, TtrpcResponse.Failed(random.Next(2), method).Encode())), random),
            < 3 => Changed(RuntimeMessages.Call(method, payload, stream), random),
            3 => Multiplexer.Frame(Multiplexer.Plugin, new(stream, TtrpcMessage.Request, Changed(TtrpcRequest.Encode("nri.pkg.api.v1alpha1.Plugin", method, payload), random))),
            _ => RuntimeMessages.Call(method, Changed(payload, random), stream),
        };
    }

    private static byte[] Changed(byte[] bytes, Random random)
    {
        var message = bytes.ToList();
        for (var changes = random.Next(4); changes > 0; changes--)
            Change(message, random);
        return [.. message];
    }

    private static void Change(List<byte> message, Random random)
    {
        var at = random.Next(message.Count + 1);
        var count = Math.Min(random.Next(1, 20), message.Count - at);
        switch (random.Next(5))
        {
            case 0:
                message.RemoveRange(at, count);
                break;
            case 1:
                message.InsertRange(at, message.GetRange(at, count));
                break;
            case 2:
                message.Insert(at, (byte)random.Next(256));
                break;
            case 3 when at < message.Count:
                message[at] ^= (byte)(1 << random.Next(8));
                break;
            case 4 when at < message.Count:
                message[at] = (byte)(random.Next(2) * 0xFF);
                break;
        }
    }

    private sealed class SilentPlugin : INriPlugin
    {
        public NriAdjustment CreateContainer(NriPod pod, NriContainer container) => Samples.Adjustment;

        public string? StartContainer(NriPod pod, NriContainer container) => null;

        public void StopContainer(NriPod pod, NriContainer container)
        {
        }

        public void Synchronize(IReadOnlyList<NriPod> pods, IReadOnlyList<NriContainer> containers)
        {
        }
    }
}
