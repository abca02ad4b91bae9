using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LxcfsFunctions.Hosting;

/// <summary>
/// Writes each event as one line of JSON to stdout: <c>time</c> (ISO 8601, UTC), <c>level</c>, <c>message</c>, the message's values
/// by their names in camel case, and <c>exception</c> where there is one. Numbers stay numbers, dates are ISO 8601.
/// </summary>
/// <param name="output">Where the lines go.</param>
public sealed class JsonLogger(Stream output) : ILoggerProvider, ILogger
{
    private const string OriginalFormat = "{OriginalFormat}";

    private static readonly ConcurrentDictionary<string, JsonEncodedText> Keys = new();

    private readonly LineWriter _lines = new(output);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        using var line = new PooledBuffer(512);
        using (var json = new Utf8JsonWriter(line, new() { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, DateTime.UtcNow);
            json.WriteString("level"u8, logLevel.ToString());
            json.WriteString("message"u8, formatter(state, exception));
            WriteValues(json, state as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
            if (exception is not null)
                json.WriteString("exception"u8, exception.ToString());
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        _lines.Write(line.Written.Span);
    }

    /// <summary>Returns when every line has been written.</summary>
    public void Dispose() => _lines.Dispose();

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            if (name == OriginalFormat)
                continue;
            json.WritePropertyName(Keys.GetOrAdd(name, KeyOf));
            WriteValue(json, value);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool yes:
                json.WriteBooleanValue(yes);
                break;
            case int or long or short or byte or uint or ushort:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case DateTime time:
                json.WriteStringValue(time);
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time);
                break;
            default:
                json.WriteStringValue(value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>A parameter whose name is C#'s own word is called <c>@namespace</c> here and there.</summary>
    private static JsonEncodedText KeyOf(string name) => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(name.TrimStart('@')));
}

/// <summary>Switches the lines on.</summary>
public static class JsonLogging
{
    /// <summary>
    /// Everything goes to stdout, since the Functions host takes each line of stderr for an error. The framework's own
    /// messages on requests hold their paths, and with them the token: warnings are all that it may say. Where its diagnostics
    /// may say anything at all, every request begins an activity and a scope that nobody sees: about 1 µs.
    /// </summary>
    public static void AddJsonLines(this ILoggingBuilder logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.Services.AddSingleton<ILoggerProvider>(_ => new JsonLogger(Console.OpenStandardOutput()));
    }
}
