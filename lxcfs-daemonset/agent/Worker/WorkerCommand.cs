using System.Text;
using System.Text.Json;
using LxcfsAgent.Native;

namespace LxcfsAgent.Worker;

/// <summary>
/// <c>lxcfs-agent worker</c>: a child of the agent that does what may never come back: it enters containers, and reads LXCFS. It is
/// killed when it is late, and holds nothing of the node's but what it has in hand. One request at a time, from standard input to standard output.
/// </summary>
internal static class WorkerCommand
{
    /// <summary>EPERM, EAGAIN, ENOMEM, EACCES, ENFILE, EMFILE: this process lacks something.</summary>
    private static readonly int[] OurErrors = [1, 11, 12, 13, 23, 24];

    /// <summary>A thousand containers with sixteen processes each are some 2 MB.</summary>
    private const int LongestRequest = 64 << 20;

    private const int StandardInput = 0;
    private const int StandardOutput = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public static int Run()
    {
        using var input = Descriptor.From(StandardInput, "standard input");
        using var output = Descriptor.From(StandardOutput, "standard output");
        using var proc = new ProcFolder();
        var requests = new LineReader(input, LongestRequest);
        var replies = new ReplyWriter(output);
        var memory = new LookMemory();
        ServedFiles? served = null;
        while (Next(requests) is { } request)
        {
            if (request.Scan is { } scan)
            {
                new NodeScan(proc, scan, replies, TimeProvider.System, memory).Run();
            }
            else if (request.Work is { } work)
            {
                // Opened anew each time: it costs little, and what another LXCFS had at the path is not mixed up with this one.
                served?.Dispose();
                served = work.Source is { } mountPoint ? ServedFiles.Open(mountPoint) : null;
                new ContainerWorker(proc, work, served, replies, TimeProvider.System).Run();
            }
            else if (request.Read is { } read)
            {
                replies.Write(new(Read: Read(read.Path)));
            }

            replies.Write(new(Done: true));
        }

        return 0;
    }

    /// <returns>Null when the agent has ended.</returns>
    private static WorkerRequest? Next(LineReader requests)
    {
        try
        {
            while (true)
            {
                if (requests.Next(Patience) is not { } line)
                    continue;
                return line.Length == 0 ? throw new InvalidDataException("a request is longer than any") : JsonSerializer.Deserialize(line.Span, WorkerJsonContext.Default.WorkerRequest);
            }
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    private static ReadAnswer Read(string path)
    {
        const int most = 64 * 1024;
        try
        {
            using var file = Descriptor.Open(path, Libc.ORdonly);
            var buffer = new byte[4096];
            var text = Encoding.UTF8.GetString(file.Read(ref buffer, most));
            return text.Length > 0 ? new(text) : new(null, $"{path} is empty or could not be read");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return new(null, exception.Message, OurErrors.Contains(exception.NativeErrorCode));
        }
    }
}
