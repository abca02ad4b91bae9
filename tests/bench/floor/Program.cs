// The least that any webhook on this server costs: the same Kestrel, TLS and routing, the body read, and an answer of the same
// length as the product's, made once.
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using LxcfsFunctions.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;

var (port, certificate, key, length) = (int.Parse(args[0], CultureInfo.InvariantCulture), args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
var answer = new byte[length];
Array.Fill(answer, (byte)' ');

var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddRoutingCore();
var tls = new SslServerAuthenticationOptions
{
    ServerCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), null, offline: true),
};
builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = 8 << 20;
    kestrel.Limits.MaxConcurrentConnections = 1024;
    kestrel.ListenAnyIP(port, listen => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls) }));
});
var app = builder.Build();
app.MapGet("/healthz", context => context.Response.WriteAsync("ok\n"));
app.MapPost("/hooks/{token}/mutate", async context =>
{
    using var body = new PooledBuffer((int)context.Request.ContentLength! + 1);
    while (await context.Request.Body.ReadAsync(body.GetMemory()) is > 0 and var read)
        body.Advance(read);
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = answer.Length;
    await context.Response.Body.WriteAsync(answer);
});
app.Run();
