using System.Diagnostics;

namespace LxcfsFunctions.ApiServer;

/// <summary>A started program whose output is added to FOLDER/NAME.log, ended by its id when disposed.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int TailLength = 4000;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly string _path;

    public Child(string executable, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment)
    {
        Name = Path.GetFileName(executable);
        _path = Path.Combine(folder, $"{Name}.log");
        _log = new(_path, append: true) { AutoFlush = true };
        var start = new ProcessStartInfo(executable, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Write;
        _process.ErrorDataReceived += Write;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Log()
    {
        lock (_log)
        {
            var text = File.ReadAllText(_path);
            return text[Math.Max(0, text.Length - TailLength)..];
        }
    }

    public Task EndsAsync(CancellationToken cancellation = default) => _process.WaitForExitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        try
        {
            // Until its output ends, too, which a process that it has started may hold open.
            await _process.WaitForExitAsync().WaitAsync(LongestEnd);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Name} ({_process.Id}) or its output has not ended after {LongestEnd.TotalSeconds} s");
        }

        _process.Dispose();
        await _log.DisposeAsync();
    }

    private void Write(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_log)
            _log.WriteLine(line.Data);
    }
}
