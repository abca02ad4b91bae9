using System.Diagnostics;
using System.Globalization;

namespace LxcfsNode.Tests.Rig;

/// <summary>Mount namespaces of the node's that have the nine files, with processes in them: containers, for as far as an agent can see.</summary>
internal sealed class Namespaces : IAsyncDisposable
{
    private readonly Process _holder;

    private Namespaces(Process holder) => _holder = holder;

    /// <param name="processes">In each namespace.</param>
    public static async Task<Namespaces> StartAsync(Node node, int count, int processes)
    {
        var holder = Process.Start(new ProcessStartInfo(
            "nsenter",
            [
                "--target", $"{node.Pid}", "--mount", "--pid", "--",
                Artifacts.Require("attacks/namespaces"), $"{count}", $"{processes}", node.Root,
            ])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var namespaces = new Namespaces(holder);
        var said = await namespaces.SayAsync();
        Assert.True(said == "started", said);
        return namespaces;
    }

    /// <summary>The links of these namespaces, such as <c>mnt:[4026532391]</c>.</summary>
    public IReadOnlyList<string> Links()
    {
        var holder = Processes.Tree(_holder.Id);
        return [.. holder.Where(pid => Processes.Status(pid, "Name") == "namespaces").Select(pid => Processes.Link(pid, "ns/mnt")).OfType<string>()
            .GroupBy(link => link).Select(group => group.Key)];
    }

    /// <summary>Has each namespace read its files: how many it could, and how many not.</summary>
    public async Task<(int Good, int Bad)> ReadAsync()
    {
        await _holder.StandardInput.WriteAsync("read\n");
        await _holder.StandardInput.FlushAsync();
        var numbers = (await SayAsync())!.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return (numbers[0], numbers[1]);
    }

    /// <summary>Ends them all.</summary>
    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync().WithinAsync(() => "the namespaces do not end");
        _holder.Dispose();
    }

    private Task<string?> SayAsync() => _holder.StandardOutput.ReadLineAsync().WithinAsync(() => "attacks/namespaces says nothing");
}
