using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using LxcfsFunctions.EndToEnd.Parts;

namespace LxcfsFunctions.EndToEnd.Load;

/// <summary>Many clients that make pods in a namespace, all at once.</summary>
internal sealed class PodLoad(Api api, string @namespace)
{
    public const int Clients = 32;
    private const int Page = 500;

    private readonly Uri _pods = new($"api/v1/namespaces/{@namespace}/pods", UriKind.Relative);

    public Latencies Latencies { get; } = new();

    public static string Name(int number) => $"app-{number}";

    /// <summary>Makes the pods of these numbers, each by one request that has to succeed.</summary>
    public Task CreateAsync(int first, int count) => Parallel.ForEachAsync(
        Enumerable.Range(first, count),
        new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = TestContext.Current.CancellationToken },
        async (number, cancellation) =>
        {
            using var body = new StringContent(Pods.Plain(Name(number)).ToJsonString(), Encoding.UTF8, "application/json");
            var started = Stopwatch.GetTimestamp();
            using var answer = await api.Client.PostAsync(_pods, body, cancellation);
            Latencies.AddSince(started);
            Assert.True(answer.IsSuccessStatusCode, $"{Name(number)}: {answer.StatusCode}");
        });

    /// <summary>Every pod that is stored.</summary>
    public async Task<IReadOnlyList<JsonObject>> StoredAsync()
    {
        List<JsonObject> all = [];
        for (var rest = ""; rest is not null;)
        {
            var page = await api.GetAsync($"{_pods}?limit={Page}&continue={rest}");
            all.AddRange(page["items"]!.AsArray().Select(item => item!.AsObject()));
            rest = (string?)page["metadata"]!["continue"] is { Length: > 0 } more ? more : null;
        }

        return all;
    }
}
