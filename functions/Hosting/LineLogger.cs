using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace LxcfsFunctions.Hosting;

/// <summary>
/// Writes each event as one line of JSON to stdout: time, level, message, and the message's values by their names. The
/// framework's console logger makes a system call for each line, which costs more than a decision; here a thread writes all
/// lines that have come since its last call at once.
/// </summary>
internal sealed class LineLogger : ILoggerProvider, ILogger
{
    /// <summary>Bytes. A reader that falls this far behind holds the callers up, so that no line is lost.</summary>
    private const int MostWaiting = 8 << 20;

    /// <summary>How late a line may be: waking a thread for each one costs as much as writing it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    private const string OriginalFormat = "{OriginalFormat}";

    private static readonly ConcurrentDictionary<string, JsonEncodedText> Names = new();

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _line;

    private readonly Lock _entry = new();
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly AutoResetEvent _written = new(false);
    private readonly ManualResetEventSlim _taken = new();
    private readonly ManualResetEventSlim _ending = new();
    private readonly Thread _writer;
    private ArrayBufferWriter<byte> _waiting = new(4096);
    private ArrayBufferWriter<byte> _writing = new(4096);
    private volatile bool _ended;

    public LineLogger()
    {
        _writer = new(WriteLines) { IsBackground = true, Name = "Log" };
        _writer.Start();
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = _line ??= new(1024);
        line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(line, new() { SkipValidation = true }))
            WriteLine(json, logLevel, formatter(state, exception), state as IReadOnlyList<KeyValuePair<string, object?>> ?? [], exception);
        line.Write("\n"u8);
        Enqueue(line.WrittenSpan);
    }

    /// <summary>Returns when every line has been written.</summary>
    public void Dispose()
    {
        _ended = true;
        _ending.Set();
        _written.Set();
        _writer.Join();
        _written.Dispose();
        _taken.Dispose();
        _ending.Dispose();
    }

    private static void WriteLine(
        Utf8JsonWriter json, LogLevel level, string message, IReadOnlyList<KeyValuePair<string, object?>> values, Exception? exception)
    {
        json.WriteStartObject();
        json.WriteString("time"u8, DateTime.UtcNow);
        json.WriteString("level"u8, level switch { LogLevel.Information => "Information", LogLevel.Warning => "Warning", _ => level.ToString() });
        json.WriteString("message"u8, message);
        for (var i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            if (name != OriginalFormat)
                json.WriteString(Names.GetOrAdd(name, Encode), value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        if (exception is not null)
            json.WriteString("exception"u8, exception.ToString());
        json.WriteEndObject();
    }

    private static JsonEncodedText Encode(string name) => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(name));

    private void Enqueue(ReadOnlySpan<byte> line)
    {
        while (true)
        {
            lock (_entry)
            {
                if (_waiting.WrittenCount < MostWaiting)
                {
                    var first = _waiting.WrittenCount == 0;
                    _waiting.Write(line);
                    if (first)
                        _written.Set();
                    return;
                }

                _taken.Reset();
            }

            _taken.Wait();
        }
    }

    private void WriteLines()
    {
        while (true)
        {
            _written.WaitOne();
            if (!_ended)
                _ending.Wait(Patience);
            lock (_entry)
            {
                (_waiting, _writing) = (_writing, _waiting);
                _taken.Set();
            }

            _output.Write(_writing.WrittenSpan);
            _writing.ResetWrittenCount();
            if (_ended && _waiting.WrittenCount == 0)
                return;
            if (_ended)
                _written.Set();
        }
    }
}

internal static class LineLogging
{
    /// <summary>
    /// Everything goes to stdout, since the Functions host takes each line of stderr for an error. The framework's own
    /// messages on requests hold their paths, and with them the token: warnings are all that it may say.
    /// </summary>
    public static void AddLines(this ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        logging.Services.AddSingleton<ILoggerProvider, LineLogger>();
    }
}
