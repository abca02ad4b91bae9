using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace LxcfsFunctions.Tests.Published;

/// <summary>
/// A stand-in of the gRPC side of the Azure Functions host, as its source has it: a worker calls EventStream and says StartStream; the
/// host sends WorkerInitRequest, FunctionsMetadataRequest, a FunctionLoadRequest a function, then an InvocationRequest a call, and
/// WorkerTerminate at last. It has no routes of its own: those that the worker reports decide who is called. Nothing of the
/// host's HTTP side is here.
/// </summary>
internal sealed class PlayedFunctionsHost : IAsyncDisposable
{
    private const string EventStream = "/AzureFunctionsRpcMessages.FunctionRpc/EventStream";
    private const int MostMessageBytes = 128 << 20;

    private readonly WebApplication _app;
    private readonly RpcMessages _messages;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonObject>> _awaited = new();
    private readonly ConcurrentQueue<string> _taken = new();
    private readonly ConcurrentQueue<string> _logged = new();
    private readonly SemaphoreSlim _sending = new(1);
    private TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PipeWriter? _worker;

    private PlayedFunctionsHost(string folder, WebApplication app)
    {
        (_messages, _app) = (new(folder), app);
        app.MapPost(EventStream, TalkAsync);
    }

    /// <summary>What the worker says of its functions.</summary>
    public IReadOnlyList<PlayedFunction> Functions { get; private set; } = [];

    /// <summary>The categories of the lines that the worker has sent for the host's log.</summary>
    public IEnumerable<string> Logged => _logged;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<PlayedFunctionsHost> StartAsync(string folder)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            // The stream is as long as the worker lives, and mostly silent.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var host = new PlayedFunctionsHost(folder, builder.Build());
        await host._app.StartAsync();
        return host;
    }

    /// <summary>The arguments that the host gives a worker.</summary>
    public string[] ArgumentsFor(string workerId) =>
        ["--functions-uri", $"{Address}", "--functions-worker-id", workerId, "--functions-request-id", "start", "--functions-grpc-max-message-length", $"{MostMessageBytes}"];

    /// <summary>From the worker's first word until its functions can be called.</summary>
    public async Task InitialiseAsync(string folder)
    {
        await _started.Task.WaitAsync(Patience.Span);
        var init = await AskAsync("workerInitRequest", new() { ["hostVersion"] = "4.1037.0", ["workerDirectory"] = folder, ["functionAppDirectory"] = folder });
        AssertSuccess(init);
        // Which of the host's two spellings of headers and bodies it wants.
        if (!((string[])["UseNullableValueDictionaryForHttp", "RawHttpBodyBytes"]).All(init["capabilities"]!.AsObject().ContainsKey))
            throw new InvalidOperationException($"the worker wants another spelling: {init["capabilities"]!.ToJsonString()}");
        var metadata = await AskAsync("functionsMetadataRequest", new() { ["functionAppDirectory"] = folder });
        AssertSuccess(metadata);
        Functions = [.. metadata["functionMetadataResults"]!.AsArray().Select(each => PlayedFunction.Of(each!.AsObject()))];
        foreach (var function in Functions)
            AssertSuccess(await AskAsync("functionLoadRequest", new() { ["functionId"] = function.Id, ["metadata"] = function.Metadata.DeepClone() }));
    }

    /// <summary>One request, as the host hands it to the function whose route fits; null where none does.</summary>
    public async Task<PlayedAnswer?> SendAsync(string method, string pathAndQuery, byte[] body, string? contentType = "application/json")
    {
        var url = new Uri(new Uri("https://functions.example"), pathAndQuery);
        foreach (var function in Functions)
        {
            if (!function.Methods.Contains(method, StringComparer.OrdinalIgnoreCase) || function.Match(url.AbsolutePath) is not { } values)
                continue;
            var id = Guid.NewGuid().ToString();
            var answer = await AskAsync("invocationRequest", function.Invocation(id, method, url, values, body, contentType), id);
            AssertSuccess(answer);
            return PlayedAnswer.Of(answer["returnValue"]!["http"]!.AsObject());
        }

        return null;
    }

    public Task TerminateAsync() => SendAsync(new() { ["workerTerminate"] = new JsonObject { ["gracePeriod"] = "5s" } });

    /// <summary>Forgets the worker that has ended; another may come.</summary>
    public void Forget() => _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _sending.Dispose();
    }

    private static void AssertSuccess(JsonObject response)
    {
        if ((string?)response["result"]?["status"] != "Success")
            throw new InvalidOperationException(response.ToJsonString());
    }

    /// <summary>Sends a request and waits for what answers it: the same name with Response for Request, the same id.</summary>
    private async Task<JsonObject> AskAsync(string kind, JsonObject content, string? id = null)
    {
        var requestId = id ?? Guid.NewGuid().ToString();
        var awaited = _awaited[requestId] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(new() { ["requestId"] = requestId, [kind] = content });
        try
        {
            return await awaited.Task.WaitAsync(Patience.Span);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no answer to {kind} after: {string.Join(", ", _taken)}");
        }
    }

    private async Task SendAsync(JsonObject message)
    {
        var bytes = _messages.Encode(message);
        await _sending.WaitAsync();
        try
        {
            // gRPC's frame: whether it is compressed, the length, the message.
            var head = _worker!.GetMemory(5);
            head.Span[0] = 0;
            BinaryPrimitives.WriteInt32BigEndian(head.Span[1..], bytes.Length);
            _worker.Advance(5);
            await _worker.WriteAsync(bytes);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task TalkAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        _worker = context.Response.BodyWriter;
        await context.Response.StartAsync();
        try
        {
            var head = new byte[5];
            while (await context.Request.Body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, context.RequestAborted) == head.Length)
            {
                var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
                await context.Request.Body.ReadExactlyAsync(message, context.RequestAborted);
                Take(_messages.Decode(message));
            }
        }
        catch (Exception error)
        {
            FailAll(error);
            return;
        }

        FailAll(null);
    }

    /// <summary>Nobody answers any more: the worker was killed, or has said what can't be read.</summary>
    private void FailAll(Exception? error)
    {
        foreach (var id in _awaited.Keys)
        {
            if (_awaited.TryRemove(id, out var awaited))
                awaited.TrySetException(new IOException("the worker's stream has ended", error));
        }
    }

    private void Take(JsonObject message)
    {
        _taken.Enqueue(string.Join('+', message.Select(member => member.Key)));
        if (message["rpcLog"] is { } line)
            _logged.Enqueue((string?)line["category"] ?? "");
        if (message.ContainsKey("startStream"))
            _started.TrySetResult();
        var (kind, content) = message.FirstOrDefault(member => member.Key.EndsWith("Response", StringComparison.Ordinal));
        if (kind is null)
            return;
        var id = (string?)content!["invocationId"] ?? (string?)message["requestId"] ?? "";
        if (_awaited.TryRemove(id, out var awaited))
            awaited.TrySetResult(content.AsObject());
    }
}

/// <summary>How long a test waits for what should come at once.</summary>
internal static class Patience
{
    public static readonly TimeSpan Span = TimeSpan.FromSeconds(60);
}
