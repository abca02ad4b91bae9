using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace LxcfsFunctions.Hosting;

/// <summary>Writes each event as one line of JSON to stdout: time, level, message, and the message's values by their names.</summary>
internal sealed class LineLogger : ILoggerProvider, ILogger
{
    private const string OriginalFormat = "{OriginalFormat}";

    private static readonly ConcurrentDictionary<string, JsonEncodedText> Names = new();

    [ThreadStatic]
    private static PooledBuffer? _line;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    private readonly LineWriter _lines = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = _line ??= new(1024);
        line.Clear();
        var json = _json ??= new(line, new() { SkipValidation = true });
        json.Reset(line);
        WriteLine(json, logLevel, formatter(state, exception), state as IReadOnlyList<KeyValuePair<string, object?>> ?? [], exception);
        json.Flush();
        line.Write("\n"u8);
        _lines.Write(line.Written);
    }

    /// <summary>Returns when every line has been written.</summary>
    public void Dispose() => _lines.Dispose();

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
}

internal static class LineLogging
{
    /// <summary>
    /// Everything goes to stdout, since the Functions host takes each line of stderr for an error. The framework's own
    /// messages on requests hold their paths, and with them the token: warnings are all that it may say. Where its diagnostics
    /// may say anything at all, every request begins an activity and a scope that nobody sees: about 1 µs.
    /// </summary>
    public static void AddLines(this ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.Services.AddSingleton<ILoggerProvider, LineLogger>();
    }
}
