using LxcfsNode.Tests.Rig;
using Microsoft.AspNetCore.Http;

namespace LxcfsFunctions.EndToEnd.Parts;

/// <summary>
/// The same functions called by two API servers: one registered as the overlay is, one with the component enforce. Faults
/// are made with the functions themselves where they can be; otherwise somebody else answers at their address.
/// </summary>
public sealed class FaultScene : IAsyncDisposable
{
    private OwnCluster? _open, _enforcing;
    private WebServer? _impostor;
    private string _openTeam = "", _enforcingTeam = "";

    internal OwnCluster Open => _open!;

    internal OwnCluster Enforcing => _enforcing!;

    internal string OpenTeam => _openTeam;

    internal string EnforcingTeam => _enforcingTeam;

    private Functions Functions => Open.Functions;

    public async ValueTask DisposeAsync()
    {
        if (_impostor is not null)
            await _impostor.DisposeAsync();
        if (_enforcing is not null)
            await _enforcing.DisposeAsync();
        if (_open is not null)
            await _open.DisposeAsync();
    }

    /// <summary>Everything in order, whatever the test before has left.</summary>
    internal async Task ResetAsync()
    {
        _open ??= await OwnCluster.StartAsync();
        _enforcing ??= await _open.StartAnotherAsync("enforce");
        if (_openTeam.Length == 0)
            (_openTeam, _enforcingTeam) = (await _open.NamespaceAsync(), await _enforcing.NamespaceAsync());
        else
            await MendAsync();
        await _open.IsServedAsync(_openTeam);
        await _enforcing.IsServedAsync(_enforcingTeam);
    }

    internal async Task MakeAsync(Fault fault)
    {
        switch (fault)
        {
            case Fault.Hung:
                await Processes.StopAsync(Functions.Pid);
                return;
            case Fault.WrongToken:
                await Functions.DisposeAsync();
                Functions.Accept(Functions.NewToken());
                await Functions.StartAsync();
                return;
        }

        await Functions.DisposeAsync();
        if (CertificateOf(fault) is { } certificate)
        {
            Functions.Use(certificate);
            await Functions.StartAsync();
        }
        else if (AnswerOf(fault) is { } answer)
        {
            _impostor = await WebServer.StartAsync(Open.Authority.Issue(Functions.Name), Functions.Port, answer);
        }
    }

    private async Task MendAsync()
    {
        if (_impostor is not null)
            await _impostor.DisposeAsync();
        _impostor = null;
        await Functions.DisposeAsync();
        Functions.Use(Open.Authority.Issue(Functions.Name));
        Functions.Accept(Functions.Token);
        await Functions.StartAsync();
    }

    private Certificate? CertificateOf(Fault fault)
    {
        switch (fault)
        {
            case Fault.ExpiredCertificate:
                return Open.Authority.Issue(Functions.Name, DateTimeOffset.UtcNow.AddMinutes(-1));
            case Fault.OtherName:
                return Open.Authority.Issue("functions.example.com");
            case Fault.OtherAuthority:
                using (var other = new Authority())
                    return other.Issue(Functions.Name);
            default:
                return null;
        }
    }

    private static RequestDelegate? AnswerOf(Fault fault) => fault switch
    {
        Fault.InternalError => context => AnswerAsync(context, StatusCodes.Status500InternalServerError, "text/plain", "out of order"),
        Fault.SomebodyElse => context => AnswerAsync(context, StatusCodes.Status200OK, "text/html", "<html>Please log in.</html>"),
        Fault.OtherUid => context => AnswerAsync(
            context, StatusCodes.Status200OK, "application/json",
            """{ "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": { "uid": "another", "allowed": true } }"""),
        Fault.CutOff => CutOffAsync,
        _ => null,
    };

    /// <summary>Kestrel closes a connection whose answer is shorter than it promised.</summary>
    private static Task CutOffAsync(HttpContext context)
    {
        context.Response.ContentLength = 1000;
        return AnswerAsync(context, StatusCodes.Status200OK, "application/json", """{ "apiVersion": "admission.k8s.io/v1", """);
    }

    private static Task AnswerAsync(HttpContext context, int status, string type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    }
}

/// <summary>What can go wrong between an API server and the functions.</summary>
internal enum Fault
{
    /// <summary>Nothing listens.</summary>
    Down,

    /// <summary>It listens and never answers.</summary>
    Hung,
    InternalError,
    OtherAuthority,
    OtherName,
    ExpiredCertificate,
    WrongToken,

    /// <summary>The connection ends in the middle of the answer.</summary>
    CutOff,

    /// <summary>A page, as of a proxy that wants a login.</summary>
    SomebodyElse,

    /// <summary>The answer to another question.</summary>
    OtherUid,
}
