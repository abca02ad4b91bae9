using System.Globalization;
using System.Text.Json;

namespace LxcfsAgent.Hosting;

/// <summary>Writes each event as one line of JSON to stdout: time, level, message, and the message's values by their names.</summary>
internal sealed class LineLogger : ILoggerProvider, ILogger
{
    private readonly Lock _line = new();
    private readonly Stream _output = Console.OpenStandardOutput();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, DateTime.UtcNow);
            json.WriteString("level"u8, logLevel.ToString());
            json.WriteString("message"u8, formatter(state, exception));
            foreach (var (name, value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
            {
                if (name != "{OriginalFormat}")
                    json.WriteString(JsonNamingPolicy.CamelCase.ConvertName(name), Convert.ToString(value, CultureInfo.InvariantCulture));
            }

            if (exception is not null)
                json.WriteString("exception"u8, exception.ToString());
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        lock (_line)
            _output.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
    }

    public void Dispose() => _output.Flush();
}

internal static class LineLogging
{
    public static void AddLines(this ILoggingBuilder logging) => logging.AddProvider(new LineLogger());
}
