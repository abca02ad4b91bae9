using System.Net;
using System.Text;

namespace LxcfsFunctions.Tests.Published;

/// <summary>Large reviews that come many at a time, as whoever may make pods can have an API server send them.</summary>
public sealed class CrowdTests(Package package, ITestOutputHelper output) : IClassFixture<Package>, IDisposable
{
    /// <summary>What a pod of 128 MiB leaves the collector: three quarters of it, as .NET counts in a container.</summary>
    private const string HeapOfAPod = "6000000";

    private const int LargeAtOnce = 60;

    private readonly ContainerServer _server = new(package);

    /// <summary>An API server has one connection for all that it asks, so what waits may not hold up what is small.</summary>
    [Fact]
    public async Task Large_reviews_take_turns_and_small_ones_pass_them()
    {
        using var client = Requests.Trusting();
        await using var program = await _server.StartAsync(client, ("DOTNET_GCHeapHardLimit", HeapOfAPod));
        // What an API server takes of an object at most, twice: an update has the old one too.
        var large = Review(3 << 20);
        var crowd = Enumerable.Range(0, LargeAtOnce).Select(_ => StatusAsync(client, large)).ToArray();
        var small = 0;
        while (crowd.Any(each => !each.IsCompleted))
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, Requests.Sample));
            small++;
        }

        Assert.All(await Task.WhenAll(crowd), status => Assert.Equal(HttpStatusCode.OK, status));
        output.WriteLine($"{small} small reviews were answered beside {LargeAtOnce} large ones; peak {program.PeakBytes >> 20} MiB");
        Assert.InRange(small, 2, int.MaxValue);
        Assert.InRange(program.PeakBytes, 1, 110 << 20);
    }

    /// <summary>Each would become an object of ours: 2.7 million in 8 MiB.</summary>
    [Theory]
    [InlineData("""{"spec":{"containers":[#]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"c","env":[#]}]}}""")]
    [InlineData("""{"spec":{"volumes":[#]}}""")]
    public async Task A_review_of_too_many_objects_is_refused(string pod)
    {
        using var client = Requests.Trusting();
        await using var program = await _server.StartAsync(client, ("DOTNET_GCHeapHardLimit", HeapOfAPod));
        var objects = string.Join(',', Enumerable.Repeat("{}", 2_700_000));
        using var answer = await client.SendAsync(
            Requests.Post(_server.Mutate, Wrap(pod.Replace("#", objects, StringComparison.Ordinal))), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("$: more than 100000 objects\n", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _server.Dispose();

    private async Task<HttpStatusCode> StatusAsync(HttpClient client, byte[] review)
    {
        using var request = Requests.Post(_server.Mutate, review);
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>A pod whose variables are most of it, once as it was and once as it is to be.</summary>
    private static byte[] Review(int bytes)
    {
        var variables = string.Join(',', Enumerable.Range(0, bytes / 128).Select(i => $$"""{"name":"V{{i:d6}}","value":"{{new string('v', 100)}}"}"""));
        var pod = """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","env":[#]}]}}""".Replace("#", variables, StringComparison.Ordinal);
        return Wrap($$"""{{pod}},"oldObject":{{pod}}""");
    }

    private static byte[] Wrap(string pod) => Encoding.UTF8.GetBytes(
        """{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","resource":{"group":"","resource":"pods"},"operation":"CREATE","namespace":"n","object":#}}"""
            .Replace("#", pod, StringComparison.Ordinal));
}
