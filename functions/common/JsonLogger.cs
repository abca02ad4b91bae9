using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LxcfsFunctions.Hosting;

/// <summary>Writes each event as one line of JSON to stdout: time, level, message, and the message's values by their names.</summary>
public sealed class JsonLogger : ILoggerProvider, ILogger
{
    private const string OriginalFormat = "{OriginalFormat}";

    /// <summary>Bytes of a time as ISO 8601 has it, to the tenth of a microsecond.</summary>
    private const int TimeLength = 28;

    private static readonly ConcurrentDictionary<string, byte[]> Openings = new();

    [ThreadStatic]
    private static PooledBuffer? _line;

    private readonly LineWriter _lines = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = _line ??= new(1024);
        line.Clear();
        WriteLine(line, logLevel, formatter(state, exception), state as IReadOnlyList<KeyValuePair<string, object?>> ?? [], exception);
        _lines.Write(line.Written);
    }

    /// <summary>Returns when every line has been written.</summary>
    public void Dispose() => _lines.Dispose();

    private static void WriteLine(
        PooledBuffer line, LogLevel level, string message, IReadOnlyList<KeyValuePair<string, object?>> values, Exception? exception)
    {
        line.Write("{\"time\":\""u8);
        DateTime.UtcNow.TryFormat(line.GetSpan(TimeLength), out var length, "O", CultureInfo.InvariantCulture);
        line.Advance(length);
        line.Write("\",\"level\":"u8);
        line.WriteString(level switch { LogLevel.Information => "Information", LogLevel.Warning => "Warning", _ => level.ToString() });
        line.Write(",\"message\":"u8);
        line.WriteString(message);
        for (var i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            if (name != OriginalFormat)
                WriteMember(line, Openings.GetOrAdd(name, OpeningOf), value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        if (exception is not null)
            WriteMember(line, OpeningOf("exception"), exception.ToString());
        line.Write("}\n"u8);
    }

    private static void WriteMember(PooledBuffer line, byte[] opening, string? value)
    {
        line.Write(opening);
        if (value is null)
            line.Write("null"u8);
        else
            line.WriteString(value);
    }

    private static byte[] OpeningOf(string name) => Encoding.UTF8.GetBytes($",\"{JsonNamingPolicy.CamelCase.ConvertName(name)}\":");
}

public static class JsonLogging
{
    /// <summary>
    /// Everything goes to stdout, since the Functions host takes each line of stderr for an error. The framework's own
    /// messages on requests hold their paths, and with them the token: warnings are all that it may say. Where its diagnostics
    /// may say anything at all, every request begins an activity and a scope that nobody sees: about 1 µs.
    /// </summary>
    public static void AddJsonLines(this ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.Services.AddSingleton<ILoggerProvider, JsonLogger>();
    }
}
